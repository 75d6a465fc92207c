"""Write the recommendations as files of a version and make that version current.

Only in the target that may publish; in any other it lists what is published.
"""

from pathlib import Path

from cinespark.exports import FILES_SCHEMA, current_version, files_of, publish


def model(dbt, session):
    recommendations = dbt.ref("recommendations")
    root = session.conf.get("spark.sparksession.project_root")
    folder = Path(root, dbt.config.meta_get("exports"))
    if dbt.config.meta_get("publishes"):
        files = publish(recommendations.toArrow(), folder)
    else:
        files = files_of(folder, current_version(folder))
    return session.createDataFrame(files, FILES_SCHEMA)
