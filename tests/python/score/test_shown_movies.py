"""Until when each published version has been shown."""

from dataclasses import replace
from datetime import UTC, datetime

from made_versions import ABOUT, content

from cinespark.publish.publish import publish
from cinespark.publish.rollback import rollback
from cinespark.score.shown_movies import shown_until
from cinespark.versions.manifest import read_manifest
from cinespark.versions.versions import current_version

NOW = datetime(2099, 1, 1, tzinfo=UTC)


def put(exports, top_n):
    """Publish lists of their own, and return their version."""
    parameters = {"recommender.top_n": str(top_n)}
    publish(
        content(factor=float(top_n)), exports, replace(ABOUT, parameters=parameters)
    )
    return current_version(exports)


def published_at(exports, version):
    return datetime.fromisoformat(str(read_manifest(exports, version).published_at))


def test_nothing_was_shown_where_nothing_is_published(tmp_path):
    assert shown_until(tmp_path, NOW) == []


def test_a_version_is_shown_until_the_next_and_the_current_one_until_now(tmp_path):
    first, second = put(tmp_path, 1), put(tmp_path, 2)
    replaced_at = published_at(tmp_path, second)
    assert dict(shown_until(tmp_path, NOW)) == {second: NOW, first: replaced_at}
    (tmp_path / second / "recommendations.csv").unlink()  # damaged: nobody reads it
    assert dict(shown_until(tmp_path, NOW)) == {first: replaced_at}


def test_a_version_that_was_rolled_back_to_is_shown_until_now(tmp_path):
    first, second = put(tmp_path, 1), put(tmp_path, 2)
    rollback(tmp_path, first)
    assert dict(shown_until(tmp_path, NOW)) == {second: NOW, first: NOW}
