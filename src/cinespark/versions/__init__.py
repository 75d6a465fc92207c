"""Read what is published, without Spark."""
