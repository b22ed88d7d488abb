"""考评 Assessments: the branch's monthly sheet of lines."""
