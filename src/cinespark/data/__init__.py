"""Bring ratings, movies, tags, links and users into the landing layout."""
