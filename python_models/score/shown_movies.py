"""The movies that published lists have shown to each user."""

from datetime import UTC, datetime

from cinespark.score.shown_movies import shown_movies
from cinespark.spark_tables import exports_of_build


def model(dbt, session):
    dbt.ref("list_rules")
    return shown_movies(
        session,
        exports_of_build(session, dbt.config.meta_get("exports")),
        id_type=dbt.config.meta_get("id_type"),
        now=datetime.now(UTC),
    )
