"""Landed ratings, those of segments and of a made-up stream, and builds of them all."""

from types import SimpleNamespace

import pytest
import yaml
from made_stream import append_events, record

from cinespark.data.landing import HEADERS, About, seal
from cinespark.paths import dataset_folder
from cinespark.serve.incoming import Incoming

SELECTED = (
    *("+line_reconciliation", "+dim_users", "stream_positions"),
    *("assert_no_line_is_lost", "assert_no_record_of_the_stream_is_lost"),
)
MOVIES = {1: "Drama", 2: "Drama|Comedy", 3: "Comedy", 4: ""}


@pytest.fixture
def feed(dbt, spark, state_dir, tmp_path):
    """Return what lands ratings, what streams others, and what builds with both."""
    name = f"streamed {tmp_path.name}"  # whose topic is named by a sum
    topic = f"ratings.{dataset_folder(name)}"
    landing = tmp_path / "landing"
    landing.mkdir()

    def land(rows, header=HEADERS["ratings.csv"], **variables):
        for file, first in HEADERS.items():
            (landing / file).write_text(f"{first}\n")
        lines = [",".join(map(str, row.values())) for row in rows]
        (landing / "ratings.csv").write_text("\n".join([header, *lines, ""]))
        movies = [
            f"{one},Movie {one} (1996),{genres}" for one, genres in MOVIES.items()
        ]
        text = "\n".join([HEADERS["movies.csv"], *movies, ""])
        (landing / "movies.csv").write_text(text)
        seal(landing, About(name, "a test", "none", "none"), vars=variables)

    def send(rows):
        incoming = Incoming(state_dir / "incoming")
        incoming.add(rows, name)
        incoming.close()

    def build(schema, *words, select=SELECTED, **variables):
        given = yaml.safe_dump({"data_dir": str(landing), **variables})
        result = dbt(
            *("build", "--exclude-resource-type", "unit_test", "--vars", given),
            *("--select", *select, "--indirect-selection", "cautious", *words),
            schema=schema,
        )
        assert result.success, [node.message for node in result.result]
        return lambda table: spark.table(f"{schema}.{table}").toPandas()

    return SimpleNamespace(
        **{"land": land, "send": send, "build": build, "topic": topic},
        stream=lambda *records: append_events(spark, records),
        record=lambda *given, **more: record(topic, *given, **more),
        dataset=name,
    )
