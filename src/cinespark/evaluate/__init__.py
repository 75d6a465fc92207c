"""Judging candidates on hidden rows, and searching for better parameters."""
