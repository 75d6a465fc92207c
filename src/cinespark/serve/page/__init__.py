"""The page at /: HTML for people, of the same functions that the API answers by."""
