"""Answer over HTTP from what is published: no Spark, no dbt and no MLflow."""
