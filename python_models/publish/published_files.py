"""Write the recommendations as files of a version and make that version current."""

from pathlib import Path

from cinespark.exports import FILES_SCHEMA, publish


def model(dbt, session):
    recommendations = dbt.ref("recommendations")
    root = session.conf.get("spark.sparksession.project_root")
    folder = Path(root, dbt.config.meta_get("folder"))
    files = publish(recommendations.toArrow(), folder)
    return session.createDataFrame(files, FILES_SCHEMA)
