"""附件 Files: content-addressed storage; the owning station decides who sees a file."""
