"""Runs and models of a build in MLflow."""
