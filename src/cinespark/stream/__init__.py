"""Ratings as they happen: from a topic of Kafka into one table, exactly once."""
