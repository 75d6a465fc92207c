"""Whether what came by the stream is as it usually is, by Great Expectations."""

from pathlib import Path

from cinespark.check.gates import warn_of
from cinespark.check.results import results_table
from cinespark.check.suites import check
from cinespark.vocabulary import vocabulary_of


def model(dbt, session):
    profile = dbt.ref("int_window_profile")
    rules = dbt.config.meta_get("rules")
    invocation_id = session.conf.get("spark.sparksession.invocation_id")
    words = vocabulary_of(dbt.config.meta_get("vocabulary"))
    results = check(profile, rules, "windows", [profile], invocation_id, words)
    warn_of(results[~results["success"].astype(bool)].itertuples())
    state = session.conf.get("spark.sparksession.state_dir")
    folder = Path(state, "quality", dbt.this.schema)
    return results_table(results, session, folder)
