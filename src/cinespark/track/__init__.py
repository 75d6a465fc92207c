"""Track the runs and models of a build in MLflow."""
