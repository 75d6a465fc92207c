"""Check ratings before learning, and lists before publishing."""
