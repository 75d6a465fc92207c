"""CineSpark: movie recommendations that are tested, measured and safe to publish."""

__version__ = "0.1.0"
