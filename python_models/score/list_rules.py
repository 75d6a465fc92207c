"""The shop's rules for lists, line by line."""

from pathlib import Path

from cinespark.score.rules import list_rules


def model(dbt, session):
    root = session.conf.get("spark.sparksession.project_root")
    file = dbt.config.meta_get("rules")
    return list_rules(
        path=Path(root, file),
        users=dbt.ref("int_users"),
        movies=dbt.ref("int_movies"),
        top_n=dbt.config.meta_get("top_n"),
        with_demographics=dbt.config.meta_get("demographics"),
    )
