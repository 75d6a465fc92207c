"""What a stream counts, says, remembers and holds: without Spark and a broker."""

import io
import json
import os
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner

from cinespark import maintain as maintaining
from cinespark.cli.main import cli
from cinespark.cli.output import LiveLine
from cinespark.errors import CineSparkError
from cinespark.stream import holding
from cinespark.stream.begin import read, require_offsets, starting_offsets
from cinespark.stream.checkpoint import (
    Note,
    Plan,
    checkpoint_of,
    forget,
    note_of,
    read_note,
    read_plan,
    write_note,
)
from cinespark.stream.holding import await_end, holder_of, no_stream, only_stream
from cinespark.stream.progress import Batch, Counts, batch_of, line_of
from cinespark.stream.query import Manner, require_good
from cinespark.stream.upstream import Topic


class Terminal(io.StringIO):
    def isatty(self):
        return True


def report(batch, records, rejected, end, latest):
    """Return a report as Spark 4.1 makes it, as far as it is read."""
    return {
        "batchId": batch,
        "sources": [{"endOffset": {"t": end}, "latestOffset": {"t": latest}}],
        "observedMetrics": {
            "judged": {"records": records, "rejected": rejected, "example": "why"}
        },
    }


def test_a_report_says_what_was_read_and_what_is_left():
    said = report(3, 10, 2, {"0": 5, "1": 7}, {"0": 5, "1": 9, "2": 1})
    assert batch_of(said) == Batch(3, 10, 2, "why", 3)
    # Spark reports on a batch that is still to come where there is nothing to read
    assert batch_of({"batchId": 4, "sources": [], "observedMetrics": {}}) is None


def test_counts_add_up_and_only_the_last_records_are_judged():
    counts = Counts(window=100)
    for number, (records, rejected) in enumerate([(80, 80), (60, 0), (50, 10)]):
        counts.add(Batch(number, records, rejected, None, 0))
    assert (counts.records, counts.rejected, counts.last) == (190, 90, 2)
    assert counts.lately() == (110, 10)  # of the last two, which hold 100 together
    counts.add(Batch(3, 1_000, 0, None, 0))
    assert counts.lately() == (1_000, 0)


@pytest.mark.parametrize(("rejected", "stops"), [(50, False), (51, True)])
def test_too_many_are_more_than_the_share(rejected, stops):
    counts = Counts(window=100)
    counts.add(Batch(0, 99, 99, "the value 'x' is not JSON", 0))
    require_good(counts, Manner(judged=100))  # too few to judge
    counts.add(Batch(1, 100, rejected, None, 0))
    if not stops:
        require_good(counts, Manner(judged=100))
        return
    with pytest.raises(CineSparkError, match=r"51 of the last 100 .* 'x' is not JSON"):
        require_good(counts, Manner(judged=100))


def test_the_line_says_what_a_person_asks():
    counts = Counts(window=100)
    counts.add(Batch(0, 1_200, 12, None, 34))
    counts.began -= 4
    line = line_of(counts)
    assert line.startswith("1,200 records, 300/s, lag 34, 12 rejected (1.0%), last ")
    assert line_of(Counts(window=100)).endswith("last commit none yet")


def test_a_terminal_has_one_line_and_a_file_few():
    terminal, file = Terminal(), io.StringIO()
    for stream in (terminal, file):
        line = LiveLine(stream)
        for text in ("a", "b\x1b[2J", "c"):
            line.show(text)
        line.end()
    assert terminal.getvalue() == "\r\x1b[Ka\r\x1b[Kb\\u001b[2J\r\x1b[Kc\n"
    assert file.getvalue() == "a\n"  # ten seconds later it may say more


@pytest.fixture
def checkpoint(tmp_path):
    return checkpoint_of(tmp_path, "t")


def write_batch(checkpoint, number, offsets, is_committed=True):
    """Write what Spark does before a batch, and after it."""
    for name in ("offsets", "commits"):
        (checkpoint / name).mkdir(parents=True, exist_ok=True)
    (checkpoint / "metadata").write_text('{"id":"a query"}')
    lines = ["v1", json.dumps({"batchWatermarkMs": 0}), json.dumps({"t": offsets})]
    (checkpoint / "offsets" / str(number)).write_text("\n".join(lines))
    (checkpoint / "offsets" / f".{number}.crc").write_text("")
    if is_committed:
        (checkpoint / "commits" / str(number)).write_text("v1\n{}")


def test_a_checkpoint_says_how_far_it_is(checkpoint):
    assert read_plan(checkpoint, "t") is None
    write_batch(checkpoint, 9, {"0": 4, "1": 5})
    assert read_plan(checkpoint, "t") == Plan("a query", 9, {}, {0: 4, 1: 5}, True)
    write_batch(checkpoint, 10, {"0": 6, "1": 5}, is_committed=False)
    plan = read_plan(checkpoint, "t")
    assert plan == Plan("a query", 10, {0: 4, 1: 5}, {0: 6, 1: 5}, False)
    assert plan.next_offsets == {0: 4, 1: 5}


def test_what_it_is_about_is_noted_beside_it(checkpoint):
    assert read_note(checkpoint) is None
    checkpoint.mkdir(parents=True)
    write_note(checkpoint, Note("a table", "a topic"))
    assert read_note(checkpoint) == Note("a table", "a topic")
    assert list(checkpoint.iterdir()) == []  # that folder is Spark's


@pytest.mark.parametrize("name", ["offsets/9", "metadata", "../note"])
@pytest.mark.parametrize("text", ["", "v1", '["t"]', '{"t": ', '{"t": {"0": "x"}}'])
def test_a_damaged_checkpoint_is_removed_and_says_nothing(checkpoint, name, text):
    write_batch(checkpoint, 9, {"0": 4})
    write_note(checkpoint, Note("a table", "a topic"))
    plan, note = read(checkpoint, "t", pytest.fail)
    assert (plan.end, note.table) == ({0: 4}, "a table")
    file = note_of(checkpoint) if name == "../note" else checkpoint / name
    file.write_text(text)
    said = []
    assert read(checkpoint, "t", said.append) == (None, None)
    (line,) = said
    assert f"{checkpoint.name} is damaged (" in line
    assert not checkpoint.exists()
    assert [one.name for one in checkpoint.parent.iterdir()] == [
        note_of(checkpoint).name
    ]


def test_a_checkpoint_whose_removal_was_cut_short_is_removed(checkpoint):
    left = checkpoint.with_name(f".{checkpoint.name}.gone")
    write_batch(left, 3, {"0": 1})
    write_batch(checkpoint, 9, {"0": 4})
    forget(checkpoint)
    assert list(checkpoint.parent.iterdir()) == []


def test_a_stream_begins_after_what_the_table_has():
    topic = Topic("id", {0: 0, 1: 50, 2: 9}, {0: 100, 1: 100, 2: 100})
    assert starting_offsets("t", topic, {}) == "earliest"
    assert json.loads(starting_offsets("t", topic, {0: 7, 1: 20})) == {
        "t": {"0": 7, "1": 50, "2": -2}
    }


@pytest.mark.parametrize(
    ("first", "ends", "expected"),
    [
        ({0: 0, 1: 0}, {0: 9, 1: 20}, "partition 0 was read up to 10 and ends at 9"),
        ({0: 0}, {0: 10}, "partition 1 was read up to 20 and is not there"),
        ({0: 11, 1: 0}, {0: 30, 1: 20}, "records 10 to 10 of partition 0 of t were"),
    ],
)
def test_what_cannot_be_gone_on_with_is_said(checkpoint, first, ends, expected):
    plan = Plan("a query", 3, {}, {0: 10, 1: 20}, True)
    with pytest.raises(CineSparkError, match=expected):
        require_offsets("t", Topic("id", first, ends), plan, checkpoint)


def test_only_one_process_streams_a_topic(checkpoint, tmp_path):
    code = (
        "import sys, time; from pathlib import Path\n"
        "from cinespark.stream.holding import only_stream\n"
        "with only_stream(Path(sys.argv[1]), 't', lambda: None):\n"
        "    print('held', flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, checkpoint], stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "held\n"
        with (
            pytest.raises(CineSparkError, match=f"process {other.pid} streams t into"),
            only_stream(checkpoint, "t", lambda: None),
        ):
            pass
        with no_stream(tmp_path) as is_still:
            assert not is_still
        other.kill()
    with only_stream(checkpoint, "t", lambda: None):  # the kernel let go
        pass
    with no_stream(tmp_path) as is_still:
        assert is_still


def test_files_of_a_running_stream_are_none_that_maintain_looks_at(
    checkpoint, tmp_path, monkeypatch
):
    for schema in ("raw", "prod"):
        (tmp_path / "warehouse" / schema).mkdir(parents=True)
    looked = []

    def orphans_of(root, state, target, schemas):
        looked.append(schemas)
        return []

    monkeypatch.setattr(maintaining, "orphans_of", orphans_of)
    said = []

    def maintain():
        maintaining.maintain(
            tmp_path, tmp_path, tmp_path / "exports", None, said.append, dry_run=True
        )

    with only_stream(checkpoint, "t", lambda: None):
        maintain()
    maintain()
    assert looked == [["prod"], ["prod", "raw"]]
    assert (
        sum("a stream writes to lake.raw.rating_events" in line for line in said) == 1
    )


def test_the_spark_of_a_killed_stream_is_waited_for():
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1)"]) as java:
        held = holder_of(java.pid)
        assert held["process"] == os.getpid()
        began = time.monotonic()
        await_end(held | {"began": held["began"] - 100})  # another had the number
        assert time.monotonic() - began < 0.5
        await_end(held)
        assert java.poll() is not None
    await_end(held)  # long gone
    await_end({})


def test_who_waits_in_vain_leaves_the_note_of_who_is_waited_for(
    checkpoint, monkeypatch
):
    monkeypatch.setattr(holding, "JAVA_SECONDS", 0.1)
    with subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(60)"]
    ) as java:
        note = checkpoint.with_name(f"{checkpoint.name}.holder")
        note.parent.mkdir(parents=True)
        note.write_text(json.dumps(holder_of(java.pid)))
        for _ in range(2):  # whoever comes next waits as well
            with (
                pytest.raises(CineSparkError, match=f"process {java.pid}, is still"),
                only_stream(checkpoint, "t", lambda: None),
            ):
                pytest.fail("two of Spark would write")
        java.kill()


@pytest.mark.parametrize("size", ["", "1", "1t", "0m", "-1g", "1g -Dx"])
def test_a_heap_that_java_would_not_take_is_refused(size):
    done = CliRunner().invoke(cli, ["stream", "--memory", size])
    assert done.exit_code == 2
    assert "is no size, as 900m or 2g" in done.output
