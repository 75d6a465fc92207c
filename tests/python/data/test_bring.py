"""Data sets from a real local server and from folders, where all goes well."""

import hashlib
import re
import shutil
from dataclasses import replace

import pytest
from bringing import MOVIES, NOWHERE, RATINGS, SMALL_ZIP, pin, refused, snapshot
from corpus_case import zipped
from data_server import serving

from cinespark.data import landing
from cinespark.data.bring import bring
from cinespark.data.sample_params import SampleParams
from cinespark.data.summary import summary


def test_an_archive_of_csv_files_keeps_its_bytes(data_dir, said, monkeypatch):
    pin(monkeypatch, "ml-latest-small", SMALL_ZIP)
    with serving({"ml-latest-small.zip": SMALL_ZIP}) as (url, asked):
        manifest = bring("ml-latest-small", data_dir, said.append, base_url=url)
    current = data_dir / "current"
    assert str(current.readlink()) == "ml-latest-small"
    assert sorted(path.name for path in current.iterdir()) == [
        "links.csv",
        "manifest.json",
        "movies.csv",
        "ratings.csv",
        "tags.csv",
        "users.csv",
    ]
    assert (current / "movies.csv").read_bytes() == MOVIES.encode()
    assert (current / "tags.csv").read_text() == "userId,movieId,tag,timestamp\n"
    assert manifest.about.source == f"{url}ml-latest-small.zip"
    assert asked == ["/ml-latest-small.zip"]
    assert not list(data_dir.parents[1].rglob("outside.txt"))
    assert "licence: MovieLens" in said[-1]
    assert "Harper" in said[-1]
    assert summary(manifest, "var/data") == (
        "ml-latest-small: 2 ratings of 1 movie in var/data/ml-latest-small (current)"
    )


def test_a_set_that_is_there_is_not_fetched_again(data_dir, said, monkeypatch):
    pin(monkeypatch, "ml-latest-small", SMALL_ZIP)
    with serving({"ml-latest-small.zip": SMALL_ZIP}) as (url, asked):
        bring("ml-latest-small", data_dir, said.append, base_url=url)
        before = snapshot(data_dir)
        said.clear()
        bring("ml-latest-small", data_dir, said.append, base_url=url)
        assert snapshot(data_dir) == before
        assert said == []
        assert len(asked) == 1
        bring("ml-latest-small", data_dir, said.append, base_url=url, refresh=True)
        assert len(asked) == 2
        (data_dir / "ml-latest-small" / "movies.csv").write_text("changed")
        bring("ml-latest-small", data_dir, said.append, base_url=url)
        assert len(asked) == 3
    assert snapshot(data_dir).keys() == before.keys()
    assert (data_dir / "current" / "movies.csv").read_bytes() == MOVIES.encode()


def test_a_known_set_lands_with_its_genome_where_that_is_asked_for(
    data_dir, said, monkeypatch
):
    files = {
        "ml-25m/ratings.csv": RATINGS,
        "ml-25m/movies.csv": MOVIES,
        "ml-25m/genome-scores.csv": "movieId,tagId,relevance\r\n1,1,0.5\r\n",
        "ml-25m/genome-tags.csv": "tagId,tag\r\n1,007\r\n",
    }
    archive = zipped(files)
    pin(monkeypatch, "ml-25m", archive)
    with serving({"ml-25m.zip": archive}) as (url, asked):

        def with_genome(*wanted, **how):
            said.clear()
            return bring(
                "ml-25m", data_dir, said.append, base_url=url, **how
            ).has_genome

        assert not with_genome()
        assert any("--genome lands them, too" in line for line in said)
        assert with_genome(with_genome=True)
        assert said[-1] == "build with --vars '{genome: true}'"
        scores = (data_dir / "current" / "genome-scores.csv").read_bytes()
        assert scores == files["ml-25m/genome-scores.csv"].encode()
        assert landing.read_whole(data_dir / "ml-25m").vars == {"genome": True}
        assert with_genome()  # what is there is not fetched again
        assert len(asked) == 2
        assert not with_genome(refresh=True)
        assert not (data_dir / "current" / "genome-scores.csv").exists()
        archive = zipped({file: files[file] for file in list(files)[:3]})
    pin(monkeypatch, "ml-25m", archive)
    with serving({"ml-25m.zip": archive}) as (url, _):
        message = refused("ml-25m", data_dir, said, base_url=url, with_genome=True)
    assert "holds no ml-25m/genome-tags.csv" in message


@pytest.mark.parametrize("name", ["ml-100k", "ml-latest-small", "ml-32m", "sample"])
def test_a_set_without_a_genome_says_so_before_anything_is_fetched(
    data_dir, said, name
):
    message = refused(name, data_dir, said, with_genome=True, base_url=NOWHERE)
    assert message.startswith(f"{name} has no genome scores: leave out --genome, or")
    assert "bring ml-25m, or a folder" in message


def test_an_imported_set_has_the_genome_that_it_landed_with(data_dir, own, said):
    (own / "genome-scores.csv").write_text("movieId,tagId,relevance\n1,1,0.5\n")
    (own / "genome-tags.csv").write_text("tagId,tag\n1,007\n")
    bring(str(own), data_dir, said.append)
    message = refused("own-my-films", data_dir, said, with_genome=True)
    assert "import it again from where it came, with --genome" in message
    bring(str(own), data_dir, said.append, with_genome=True)
    assert bring("own-my-films", data_dir, said.append).has_genome
    assert bring("own-my-films", data_dir, said.append, with_genome=True).has_genome
    (data_dir / "own-my-films" / "genome-tags.csv").unlink()
    assert "changed or damaged" in refused("own-my-films", data_dir, said)


def test_native_archives_are_converted(data_dir, said, monkeypatch):
    item = "1|Caf\xe9 (1995)|01-Jan-1995||u|0|1" + "|0" * 17
    hundred = zipped(
        {
            "ml-100k/u.data": "7\t1\t3\t881250949\n",
            "ml-100k/u.item": f"{item}\n".encode("latin-1"),
            "ml-100k/u.user": "7|24|M|technician|85711\n",
        }
    )
    million = zipped(
        {
            "ml-1m/ratings.dat": "7::1::3::881250949\n",
            "ml-1m/movies.dat": "1::Caf\xe9 (1995)::Action\n".encode("latin-1"),
            "ml-1m/users.dat": "7::M::25::12::85711\n",
        }
    )
    pin(monkeypatch, "ml-100k", hundred)
    pin(monkeypatch, "ml-1m", million)
    with serving({"ml-100k.zip": hundred, "ml-1m.zip": million}) as (url, _):
        for name in ("ml-100k", "ml-1m"):
            manifest = bring(name, data_dir, said.append, base_url=url)
            assert manifest.rows("users.csv") == 1
            assert (data_dir / "current" / "movies.csv").read_text("utf-8") == (
                "movieId,title,genres\n1,Café (1995),Action\n"
            )
    assert summary(manifest, "d").startswith("ml-1m: 1 rating of 1 movie by 1 user")


def test_a_set_without_a_known_sum_says_so(data_dir, said):
    archive = zipped({"ml-32m/ratings.csv": RATINGS, "ml-32m/movies.csv": MOVIES})
    with serving({"ml-32m.zip": archive}) as (url, _):
        bring("ml-32m", data_dir, said.append, base_url=url)
    assert "no SHA-256 is known" in said[0]
    assert hashlib.sha256(archive).hexdigest() in said[0]


def test_the_same_data_give_the_same_manifest(tmp_path, own, said):
    for project in ("a", "b"):
        bring(str(own), tmp_path / project, said.append)
    one, other = (
        (tmp_path / project / "current" / "manifest.json").read_bytes()
        for project in ("a", "b")
    )
    assert one == other


def test_a_folder_is_copied_and_follows_its_content(data_dir, own, said):
    manifest = bring(str(own), data_dir, said.append)
    copy = data_dir / "own-my-films"
    assert manifest.about.dataset == "own-my-films"
    assert (copy / "movies.csv").read_bytes() == MOVIES.encode()
    assert not (copy / "movies.csv").is_symlink()
    before = snapshot(data_dir)
    bring(str(own), data_dir, said.append)
    assert snapshot(data_dir) == before
    (own / "tags.csv").write_text("userId,movieId,tag,timestamp\n1,1,fun,5\n")
    assert bring(str(own), data_dir, said.append).rows("tags.csv") == 1
    (own / "tags.csv").unlink()
    assert bring(str(own), data_dir, said.append).rows("tags.csv") == 0


def test_two_folders_of_one_name_are_two_data_sets(data_dir, tmp_path, own, said):
    other = tmp_path / "elsewhere" / "my films"
    shutil.copytree(own, other)
    (other / "ratings.csv").write_text(RATINGS + "3,1,1.0,964982705\n")
    for _ in range(2):
        names = {}
        for folder, rows in ((own, 2), (other, 3)):
            manifest = bring(str(folder), data_dir, said.append)
            assert manifest.rows("ratings.csv") == rows
            names[folder] = manifest.about.dataset
        digest = hashlib.sha256(str(other).encode()).hexdigest()[:8]
        assert names == {own: "own-my-films", other: f"own-my-films-{digest}"}
    assert len(list(data_dir.glob("own-*"))) == 2


def test_a_manifest_has_no_path_of_the_folder_that_was_brought(
    data_dir, tmp_path, own, said
):
    manifest = bring(str(own), data_dir, said)
    folder = data_dir / manifest.about.dataset
    assert re.fullmatch(rf"folder {own.name} \([0-9a-f]{{8}}\)", manifest.about.source)
    assert str(tmp_path) not in (folder / "manifest.json").read_text()


def test_the_path_that_an_earlier_version_noted_goes_when_it_is_brought_again(
    data_dir, own, said
):
    manifest = bring(str(own), data_dir, said)
    former = replace(manifest.about, source=f"folder {own.resolve()}")
    landing.seal(data_dir / manifest.about.dataset, former)
    assert bring(str(own), data_dir, said) == manifest


def test_an_imported_folder_is_chosen_by_its_name_later(data_dir, own, said):
    bring(str(own), data_dir, said.append)
    bring("sample", data_dir, said.append, sample=SampleParams(5, 9, 30))
    shutil.rmtree(own)
    for name in ("own-my-films", str(data_dir / "own-my-films")):
        bring(name, data_dir, said.append)
        assert str((data_dir / "current").readlink()) == "own-my-films"
    assert not list(data_dir.glob("own-own*"))


def test_an_unpacked_native_archive_is_a_folder_too(data_dir, tmp_path, said):
    unpacked = tmp_path / "ml-1m"
    unpacked.mkdir()
    (unpacked / "ratings.dat").write_text("7::1::3::881250949\n")
    (unpacked / "movies.dat").write_text("1::A (1995)::Action\n")
    (unpacked / "users.dat").write_text("7::M::25::12::85711\n")
    manifest = bring(str(unpacked), data_dir, said.append)
    assert manifest.about.dataset == "own-ml-1m"
    before = snapshot(data_dir)
    bring(str(unpacked), data_dir, said.append)
    assert snapshot(data_dir) == before


def test_the_real_ml_latest_small(ml_latest_small, data_dir, said):
    manifest = bring(str(ml_latest_small), data_dir, said.append)
    # the counts of its README; users are not in the set
    assert [manifest.rows(file) for file in landing.HEADERS] == [
        100_836,
        9_742,
        3_683,
        9_742,
        0,
    ]
    for file in ("ratings.csv", "movies.csv", "tags.csv", "links.csv"):
        copy = (data_dir / "current" / file).read_bytes()
        assert copy == (ml_latest_small / file).read_bytes()
