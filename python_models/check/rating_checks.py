"""Whether the ratings are fit to learn from, by Great Expectations."""

from pathlib import Path

from cinespark.check.landed_files import with_damaged_files
from cinespark.check.results import results_table
from cinespark.check.suites import check
from cinespark.vocabulary import vocabulary_of


def model(dbt, session):
    manifest = dbt.ref("stg_movielens__manifest")
    profile = with_damaged_files(dbt.ref("int_rating_profile"), manifest)
    rows = [dbt.ref("fct_ratings"), dbt.ref("dim_movies"), dbt.ref("dim_users")]
    rules = dbt.config.meta_get("rules")
    invocation_id = session.conf.get("spark.sparksession.invocation_id")
    words = vocabulary_of(dbt.config.meta_get("vocabulary"))
    results = check(profile, rules, "ratings", rows, invocation_id, words)
    state = session.conf.get("spark.sparksession.state_dir")
    folder = Path(state, "quality", dbt.this.schema)
    return results_table(results, session, folder)
