"""Reading what is published, without Spark."""
