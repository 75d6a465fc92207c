"""From models to lists and predicted ratings."""
