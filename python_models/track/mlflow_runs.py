"""One MLflow run per model of this build, under the run of the build."""

from pathlib import Path

from cinespark.spark_tables import table_of
from cinespark.track.build_run import LISTED, RUNS_SCHEMA, Results, track_build
from cinespark.track.client import about_build, open_tracking
from cinespark.train.collect import lists_of
from cinespark.vocabulary import vocabulary_of


def model(dbt, session):
    ratings = dbt.ref("accepted_ratings")
    manifest = dbt.ref("stg_movielens__manifest")
    results = Results(
        predictor=dbt.config.meta_get("predictor"),
        ranker=dbt.config.meta_get("ranker"),
        accuracy=dbt.ref("rating_accuracy").toPandas(),
        ranking=dbt.ref("ranking_quality").toPandas(),
        leaderboard=dbt.ref("model_leaderboard").toPandas(),
        blend=dbt.ref("blend_validation").toPandas(),
        checks=dbt.ref("recommendation_checks").toPandas(),
        lists=lists_of(dbt.ref("int_candidate_recommendations").select(*LISTED)),
        movies=dbt.ref("accepted_movies").select("movie_id", "rating_count").toPandas(),
        genres=dbt.ref("eda_popular_genres").toPandas(),
        months=dbt.ref("eda_rating_trends").toPandas(),
        stars=dbt.ref("eda_rating_distribution").toPandas(),
        item_factors=dbt.ref("item_factors").where("subset = 'all'"),
        words=vocabulary_of(dbt.config.meta_get("vocabulary")),
    )
    state = Path(session.conf.get("spark.sparksession.state_dir"))
    root = Path(session.conf.get("spark.sparksession.project_root"))
    target, parameters = (
        dbt.config.meta_get("target"),
        dbt.config.meta_get("parameters"),
    )
    build = about_build(manifest, results.checks, ratings, target, root)
    scratch = Path(session.conf.get("spark.local.dir"))
    rows = track_build(open_tracking(state), build, parameters, results, scratch)
    return table_of(session, rows, RUNS_SCHEMA)
