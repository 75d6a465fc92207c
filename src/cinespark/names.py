"""Names and limits that several packages need."""

INT32_MAX = 2**31 - 1  # the largest id of a user or movie

# MLflow's database in the state folder, and in its registry the model and its alias
DATABASE = "mlflow.db"
MODEL = "cinespark"
ALIAS = "champion"

PUBLISHED = "recommender"  # in MLflow, the run of the published predictor and ranker
