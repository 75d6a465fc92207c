"""Show what was built and published, on a terminal or as JSON or CSV."""
