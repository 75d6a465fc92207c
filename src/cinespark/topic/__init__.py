"""Ratings as they happen: the topic they are in, what it holds, and who sends to it."""
