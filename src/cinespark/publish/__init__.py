"""From accepted tables to a version that is current."""
