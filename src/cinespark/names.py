"""Names and limits that several rooms need."""

INT32_MAX = 2**31 - 1


DATABASE = "mlflow.db"  # in the state folder


MODEL = "cinespark"


ALIAS = "champion"


PUBLISHED = "recommender"
