"""计分步骤: one module per step of the order of evaluation (docs/rulebook.md), each one or a few statements.

    facts → admitted → allowed → worth → ranked → lines → sums → … → scored → placed → unbroken

A step reads the tables of the steps before it and of the rules, and makes its own. Points are magnitudes in hundredths
until step 7; `sign` stands in the plan's index.
"""
