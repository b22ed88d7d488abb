"""纸面 What is printed: Typst templates and their renderer. Plain data in, bytes out."""
