"""第八步：外部成绩 Marks from outside the points, each times its weight. `marks` holds the usable ones."""

from pioneer.results.slate import Slate

# Of several marks the latest, the mean, or the first: then the later ones were unusable.
OUTSIDE = """
SELECT people.member, components.component, given.mark,
       CASE WHEN given.mark IS NULL THEN COALESCE(components.without, 0)
            ELSE (given.mark * components.weight + 50) / 100 END AS points,
       CASE WHEN given.mark IS NULL THEN components.needed ELSE 0 END AS missing
FROM people
CROSS JOIN components
LEFT JOIN (
  SELECT marked.member, marked.component,
         CASE MIN(components.several)
           WHEN 'mean' THEN (2 * CAST(SUM(marked.value) AS BIGINT) + COUNT(*)) / (2 * COUNT(*))
           WHEN 'latest' THEN MAX(CASE WHEN marked.last = 1 THEN marked.value END)
           ELSE MAX(CASE WHEN marked.first = 1 THEN marked.value END) END AS mark
  FROM (
    SELECT marks.member, marks.component, marks.value,
           ROW_NUMBER() OVER (PARTITION BY marks.member, marks.component ORDER BY marks.day, marks.line) AS first,
           ROW_NUMBER() OVER (
             PARTITION BY marks.member, marks.component ORDER BY marks.day DESC, marks.line DESC
           ) AS last
    FROM marks
  ) AS marked
  JOIN components ON components.component = marked.component
  GROUP BY marked.member, marked.component
) AS given ON given.member = people.member AND given.component = components.component
"""


def mark(slate: Slate) -> None:
    """外部成绩"""
    slate.make("outside", OUTSIDE, unique="member, component")
