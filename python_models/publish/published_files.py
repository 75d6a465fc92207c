"""Write what the gate passed as files of a version and make that version current.

Only in the target that may publish; in any other it lists what is published.
"""

from pathlib import Path

from cinespark.publish import admission, assemble
from cinespark.publish.publish import FILES_SCHEMA, files_of, publish
from cinespark.score.rules import published_rules, rules_for_lists
from cinespark.spark_tables import exports_of_build, table_of
from cinespark.stream.before_switch import fold_before_switch
from cinespark.track.champion import (
    forget_champion,
    promote_champion,
    register_champion,
)
from cinespark.track.client import git_commit
from cinespark.versions.leaderboard_file import leave_leaderboard
from cinespark.versions.overlay import FOLDER, remove_overlay
from cinespark.versions.versions import current_version
from cinespark.vocabulary import vocabulary_of


def model(dbt, session):
    candidates = dbt.ref("int_candidate_recommendations")
    accepted = dbt.ref("accepted_recommendations")
    # read once: what is compared with the checks is what is written
    lists, places = assemble.lists_of_build(dbt.ref("recommendations"))
    similar, embeddings = dbt.ref("similar_movies"), dbt.ref("movie_content")
    popular = dbt.ref("popular_movies")
    movies, ratings = dbt.ref("accepted_movies"), dbt.ref("accepted_ratings")
    keys = dbt.ref("int_user_keys"), dbt.ref("int_movie_keys")
    keyed = dbt.ref("int_users"), dbt.ref("int_movies"), dbt.ref("int_ratings")
    predictor, ranker = dbt.ref("predictor"), dbt.ref("ranker")
    factors = dbt.ref("item_factors")
    histories = dbt.ref("int_user_histories").where("subset = 'all'")
    preferences = dbt.ref("int_preferences").where("subset = 'all'")
    matches = dbt.ref("int_rule_movies")
    words = vocabulary_of(dbt.config.meta_get("vocabulary"))
    checks = dbt.ref("rating_checks").union(dbt.ref("recommendation_checks"))
    runs, manifest = dbt.ref("mlflow_runs"), dbt.ref("stg_movielens__manifest")
    positions = dbt.ref("stream_positions")
    root = Path(session.conf.get("spark.sparksession.project_root"))
    state = Path(session.conf.get("spark.sparksession.state_dir"))
    exports = exports_of_build(session, dbt.config.meta_get("exports"))

    if not dbt.config.meta_get("publishes") or lists.isEmpty():
        files = files_of(exports, current_version(exports))
        return table_of(session, files, FILES_SCHEMA)
    admission.require_same_rows(candidates, accepted, lists, exports)
    learnt_from = [ratings.drop("feed"), movies, dbt.ref("dim_users")]
    rows = {"ratings": learnt_from, "recommendations": [accepted]}
    admission.require_checked(checks, rows, manifest, exports)
    settings = dbt.config.meta_get("lists")
    models = assemble.arrays_of(predictor, ranker)
    catalogue = models["ranker"]["catalogue"]
    rules = rules_for_lists(matches, preferences, catalogue, embeddings, settings)
    models |= published_rules(rules, matches, histories)
    admission.require_same_models(lists, models, exports)
    admission.require_same_neighbours(similar, factors, embeddings, exports)
    dictionary = assemble.dictionary_of_build(
        *keys, *keyed, dbt.config.meta_get("id_type")
    )
    content = assemble.content_of(
        places, similar, popular, movies, keyed[2], models, dictionary
    )
    commit = git_commit(root)
    dataset = assemble.dataset_of(manifest, positions)
    about = assemble.about_version(content, dataset, runs, checks, commit, words)
    board = assemble.leaderboard_of(dbt.ref("model_leaderboard"), about)
    leave_leaderboard(board, exports)
    files = publish(
        content,
        exports,
        about,
        register=lambda folder: register_champion(state, about, folder),
        promote=lambda now: promote_champion(state, about, exports, now),
        forget=lambda old: forget_champion(state, old),
        fold=lambda version: fold_before_switch(exports, state, version),
        unfold=lambda old: remove_overlay(state / FOLDER, old),
    )
    return table_of(session, files, FILES_SCHEMA)
