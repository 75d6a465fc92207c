"""Predictions of the test ratings, by predictors that learnt from the training set."""

from cinespark.evaluate.holdout import holdout_predictions


def model(dbt, session):
    return holdout_predictions(
        split=dbt.ref("int_ratings_split"),
        users=dbt.ref("int_users"),
        movies=dbt.ref("int_movies"),
        published=dbt.config.meta_get("predictor"),
        evaluate=dbt.config.meta_get("evaluate"),
        parameters=dbt.config.meta_get("parameters"),
        scale=(dbt.config.meta_get("rating_min"), dbt.config.meta_get("rating_max")),
    )
