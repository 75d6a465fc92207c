"""What tests have one process do, which has a Spark with the connector."""

import os
from datetime import timedelta
from pathlib import Path
from threading import Event
from unittest.mock import patch

from cinespark.spark_session import worded
from cinespark.stream import maintenance
from cinespark.stream.maintenance import size_of
from cinespark.stream.query import Manner
from cinespark.stream.run import Place, open_session, stream
from cinespark.stream.table import TABLE

PLACES = []


def begin(root, state):
    """Note where streams run in this process."""
    os.chdir(root)
    PLACES.append(Place(Path(root), Path(state)))


def session():
    return open_session(PLACES[0], lambda text: None)


def read_once(settings, **manner):
    """Read a topic to its end; return records, rejected ones, and what was said."""
    said = []
    manner = {"once": True, "max_rejected": 1.0, **manner}
    counts = stream(
        PLACES[0], settings, Manner(**manner), Event(), lambda counts: None, said.append
    )
    return counts.records, counts.rejected, said


def rows(query):
    """Return the rows of a query, as tuples."""
    with worded():
        return [tuple(row) for row in session().sql(query).collect()]


def size():
    return size_of(session())


def maintain():
    """Look after the table however few files it has; return what it is made of then."""
    with (
        patch.object(maintenance, "SMALL_FILES", 1),
        patch.object(maintenance, "MANIFESTS", 1),
        patch.object(maintenance, "SNAPSHOTS", 5),
        patch.object(maintenance, "YOUNG", timedelta()),
    ):
        maintenance.maintain_table(session(), lambda text: None)
    return size()


def expire_all():
    """Expire all snapshots but the last, which is none of a stream."""
    session().sql(
        f"call lake.system.rewrite_data_files(table => '{TABLE}', "
        "options => map('rewrite-all', 'true'))"
    ).collect()
    session().sql(
        f"call lake.system.expire_snapshots(table => '{TABLE}', "
        "older_than => now(), retain_last => 1)"
    ).collect()
    assert size().snapshots == 1


def run_job(code, settings):
    """Run a job as it is written in the docs."""
    named = {"BOOTSTRAP": settings.bootstrap, "TOPIC": settings.topic}
    variables = {f"CINESPARK_KAFKA_{name}": one for name, one in named.items()}
    with patch.dict(os.environ, variables):
        exec(code, {"spark": session()})
