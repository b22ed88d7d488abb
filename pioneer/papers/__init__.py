"""纸面 Papers: what is printed: Typst templates and their renderers."""
