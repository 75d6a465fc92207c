"""What was built and published, on a terminal or as text."""
