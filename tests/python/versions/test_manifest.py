"""The manifest: what is read is what was written, by this release or an older one."""

import json
from dataclasses import replace

import pytest
from made_versions import ABOUT

from cinespark.errors import CineSparkError
from cinespark.versions.manifest import (
    About,
    Manifest,
    Metric,
    PublishedFile,
    read_manifest,
    to_json,
    write_manifest,
)
from cinespark.vocabulary import Vocabulary

VERSION = "20260101T000000Z-01234567"
MANIFEST = Manifest(
    version=VERSION,
    content_sha256="01234567" * 8,
    published_at="2026-01-01T00:00:00+00:00",
    previous=None,
    reason="first version",
    registered_version="1",
    about=ABOUT,
    files=(PublishedFile("model_card.md", "md", None, 5, "ab" * 32),),
)
SPARSE = {"version": VERSION, "content_sha256": "01" * 32, "files": []}


@pytest.fixture
def read(tmp_path):
    """Return a function that reads a manifest of this text."""

    def from_text(text):
        (tmp_path / VERSION).mkdir(exist_ok=True)
        (tmp_path / VERSION / "manifest.json").write_text(text, encoding="utf-8")
        return read_manifest(tmp_path, VERSION)

    return from_text


def test_what_is_written_is_read_back(tmp_path):
    (tmp_path / VERSION).mkdir()
    write_manifest(MANIFEST, tmp_path / VERSION)
    assert read_manifest(tmp_path, VERSION) == MANIFEST


def test_how_far_a_build_read_a_stream_is_read_back_and_is_nothing_without_one(
    tmp_path,
):
    (tmp_path / VERSION).mkdir()
    stream = {"topic": "ratings.tiny", "next_offsets": {"0": 123, "1": 0}}
    dataset = replace(ABOUT.dataset, stream=stream)
    write_manifest(
        replace(MANIFEST, about=replace(ABOUT, dataset=dataset)), tmp_path / VERSION
    )
    assert read_manifest(tmp_path, VERSION).about.dataset.stream == stream
    write_manifest(MANIFEST, tmp_path / VERSION)
    assert read_manifest(tmp_path, VERSION).about.dataset.stream is None


def test_the_text_has_its_keys_in_order_and_intervals_only_where_known():
    written = json.loads(to_json(MANIFEST))
    assert " ".join(written) == (
        "version content_sha256 published_at previous reason registered_version about "
        "files"
    )
    assert " ".join(written["about"]) == (
        "dataset counts parameters metrics checks model_version run_id invocation_id "
        "git_commit vocabulary"
    )
    assert " ".join(written["about"]["checks"][0]) == (
        "rule suite severity observed expected success meaning"
    )
    assert written["about"]["metrics"] == {
        "catalogue_coverage": 0.5,
        "rmse_all": {"value": 0.9, "low": 0.8765, "high": 0.9235},
    }
    assert " ".join(written["files"][0]) == "path format rows bytes sha256"


def test_a_manifest_of_the_first_release_says_what_it_knows(read):
    assert read(json.dumps(SPARSE)) == Manifest(VERSION, "01" * 32)
    assert read(json.dumps(SPARSE | {"about": {}})).about == About()
    about = {
        "dataset": {"name": "tiny"},
        "parameters": {"top_n": 2},
        "metrics": {"rmse": 0.9, "lost": None, "ndcg": {"value": 0.2}},
        "checks": [{"success": False}],
    }
    known = read(json.dumps(SPARSE | {"about": about})).about
    assert (known.dataset.name, known.dataset.sha256) == ("tiny", None)
    assert known.parameters == {"top_n": "2"}
    assert known.metrics == {"rmse": Metric(0.9), "ndcg": Metric(0.2)}
    assert [(check.rule, check.success) for check in known.checks] == [
        ("a rule", False)
    ]


def test_a_manifest_that_names_no_words_has_movies_and_stars(read):
    assert read(json.dumps(SPARSE)).vocabulary == Vocabulary("movie", "star")
    words = {"item_noun": "dish", "rating_noun": "point", "feedback": "implicit"}
    manifest = read(json.dumps(SPARSE | {"about": {"vocabulary": words}}))
    assert manifest.vocabulary == Vocabulary("dish", "point", "implicit")
    assert json.loads(to_json(manifest))["about"]["vocabulary"] == words


FILE = {"path": "a.csv", "format": "csv", "rows": 1, "bytes": 5, "sha256": "ab"}


@pytest.mark.parametrize(
    "damage",
    [
        {"version": "another"},
        {"content_sha256": None},
        {"about": []},
        {"files": None},
        {"files": ["a.csv"]},
        {"files": [FILE | {"bytes": "5"}]},
        {"files": [{"path": "a.csv"}]},
    ],
)
def test_what_a_version_cannot_do_without_is_damage(read, damage):
    with pytest.raises(CineSparkError, match=r"is damaged, .* cannot be read: publish"):
        read(json.dumps(SPARSE | damage))
