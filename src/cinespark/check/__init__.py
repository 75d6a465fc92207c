"""Judging ratings and lists before learning and publishing."""
