"""New versions and rollbacks: what came meanwhile is in before they are current."""

from functools import partial

import pytest
from made_events import append, event, published
from made_service import LISTED

from cinespark.publish.rollback import rollback
from cinespark.stream.before_switch import fold_before_switch
from cinespark.versions.overlay import FOLDER, overlay_file, remove_overlay
from cinespark.versions.versions import current_version, versions

LIST = f"/api/v1/users/{{}}/recommendations?n={LISTED}"


@pytest.fixture
def said():
    """Return what was said when versions became current."""
    return []


@pytest.fixture
def before(state, exports, said):
    """Return what a build calls before a version becomes current."""
    return partial(fold_before_switch, exports, state, say=said.append)


@pytest.fixture
def publish(state, exports, before):
    """Return a function that publishes as a build does."""

    def run(**more):
        unfold = partial(remove_overlay, state / FOLDER)
        version, _ = published(exports, **{"fold": before, "unfold": unfold, **more})
        return version

    return run


def movies_of(asker, user):
    found = asker.get(LIST.format(user)).get_json()
    return [one["movie_id"] for one in found["recommendations"]]


def test_a_new_version_has_what_came_after_its_data_when_it_becomes_current(
    state, exports, publish, make_asker, said
):
    publish()
    first = make_asker()
    rated = movies_of(first, 3)[0]
    append(state, [event(0, 3, rated, 5.0, 90), event(1, 4, 129, 5.0, 91)])
    version = publish(seed=4, stream={0: 1})  # learnt from the first of them alone
    assert overlay_file(state / FOLDER, version).exists()
    asker = make_asker()
    found = {user: asker.get(LIST.format(user)).get_json() for user in (3, 4)}
    assert {one["version"] for one in found.values()} == {version}
    assert [found[user]["folded_at"] is None for user in (3, 4)] == [True, False]
    assert said == []


def test_a_rollback_has_what_came_since_the_version_was_made(
    state, exports, publish, make_asker, before
):
    first = publish()
    publish(seed=4)
    append(state, [event(0, 3, 129, 5.0, 90)])
    assert rollback(exports, fold=before)[1] == first == current_version(exports)
    found = make_asker().get(LIST.format(3)).get_json()
    assert found["version"] == first
    assert found["folded_at"] is not None


def test_a_failing_fold_keeps_no_version_from_becoming_current(
    state, exports, publish, fold, make_asker, said
):
    publish()
    append(state, [event(0, 3, 129, 5.0, 90)])
    files = [*(state / "warehouse").rglob("*.parquet")]
    aside = {file: file.read_bytes() for file in files}
    for file in files:
        file.unlink()
    version = publish(seed=4)
    assert current_version(exports) == version
    (words,) = said
    assert words.startswith(f"{version} becomes current without all that was rated")
    assert "cinespark stream" in words
    assert make_asker().get(LIST.format(3)).get_json()["folded_at"] is None
    for file, content in aside.items():
        file.write_bytes(content)
    assert fold().users == 1  # a stream goes on from there
    assert make_asker().get(LIST.format(3)).get_json()["folded_at"] is not None


def test_a_fold_that_takes_too_long_is_left_as_it_is(
    state, exports, publish, fold, said, before
):
    publish()
    append(state, [event(0, 3, 129, 5.0, 90)])
    version = publish(seed=4, fold=partial(before, seconds=0.0))
    assert current_version(exports) == version
    assert said[0].endswith("0 s were too short")
    assert fold().users == 1


def test_a_catalog_that_is_none_is_told(state, exports, publish, said):
    (state / "exports").mkdir(parents=True)
    (state / "catalog.db").write_text("no database, and long enough to be read as one")
    version = publish()
    assert current_version(exports) == version
    assert "not a database" in said[0]


def test_without_a_stream_nothing_is_done(state, exports, publish, said):
    publish()
    assert not (state / FOLDER).exists()
    assert said == []


def test_the_overlay_of_a_version_goes_with_it(state, exports, publish):
    append(state, [event(0, 3, 129, 5.0, 90)])
    first = publish(keep=1)
    assert overlay_file(state / FOLDER, first).exists()
    for seed in (4, 5, 6):
        publish(seed=seed, keep=1)
    assert first not in versions(exports)
    names = {file.name.split(".")[0] for file in (state / FOLDER).glob("2*")}
    assert names == set(versions(exports))


def test_the_same_content_again_folds_nothing_twice(state, exports, publish, fold):
    first = publish()
    append(state, [event(0, 3, 129, 5.0, 90)])
    assert publish() == first
    assert not (state / FOLDER).exists()  # the stream folds into what is current
    assert fold().ratings == 1
