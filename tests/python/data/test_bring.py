"""Data sets from a real local server and from folders; each bad input by itself."""

import errno
import hashlib
import io
import re
import shutil
import subprocess
import sys
import zipfile
import zlib
from collections import namedtuple
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner
from data_server import FORBIDDEN, HALF, serving

from cinespark.cli.main import cli
from cinespark.data import bring as bringing
from cinespark.data import landing, pypi_fallback
from cinespark.data.bring import bring, summary
from cinespark.data.download import unzip
from cinespark.data.known import KNOWN
from cinespark.data.sample_params import SampleParams
from cinespark.errors import CineSparkError

NOWHERE = "http://127.0.0.1:9/"
RATINGS = "userId,movieId,rating,timestamp\n1,1,4.0,964982703\n2,1,3.5,964982704\n"
MOVIES = "movieId,title,genres\r\n1,Toy Story (1995),Adventure|Comedy\r\n"


@pytest.fixture
def said():
    return []


@pytest.fixture
def data_dir(tmp_path):
    """Return a folder of data sets, one of them there and current."""
    folder = tmp_path / "project" / "var" / "data"
    bring("sample", folder, lambda _: None, sample=SampleParams(5, 9, 30))
    return folder


@pytest.fixture
def own(tmp_path):
    folder = tmp_path / "My Films"
    folder.mkdir()
    (folder / "ratings.csv").write_text(RATINGS, newline="")
    (folder / "movies.csv").write_text(MOVIES, newline="")
    return folder


def zipped(files: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def pin(monkeypatch, name: str, archive: bytes) -> None:
    """Pin the sum of a test's archive instead of GroupLens's."""
    sha256 = hashlib.sha256(archive).hexdigest()
    monkeypatch.setitem(KNOWN, name, replace(KNOWN[name], sha256=sha256))


def snapshot(data_dir: Path) -> dict[str, tuple[int, bytes | str]]:
    """Every file with its time and content, and what links point at."""
    return {
        str(path.relative_to(data_dir)): (
            path.lstat().st_mtime_ns,
            str(path.readlink()) if path.is_symlink() else path.read_bytes(),
        )
        for path in sorted(data_dir.rglob("*"))
        if (path.is_symlink() or path.is_file()) and path.name != ".lock"
    }


def no_wheel(_):
    raise CineSparkError("pip brought nothing")


def refused(wanted, data_dir, said, **how) -> str:
    """Return the error of a refusal that left the data as they were."""
    before = snapshot(data_dir)
    with pytest.raises(CineSparkError) as caught:
        bring(str(wanted), data_dir, said.append, **how)
    assert snapshot(data_dir) == before
    assert not [
        one for one in data_dir.iterdir() if one.name.startswith((".new", ".old"))
    ]
    return str(caught.value)


SMALL_ZIP = zipped(
    {
        "ml-latest-small/ratings.csv": RATINGS,
        "ml-latest-small/movies.csv": MOVIES,
        "ml-latest-small/links.csv": "movieId,imdbId,tmdbId\r\n1,0114709,862\r\n",
        "ml-latest-small/README.txt": "read me",
        "../outside.txt": "never written",
    }
)


# what goes well


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
        "ml-latest-small: 2 ratings of 1 movies in var/data/ml-latest-small (current)"
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
    assert summary(manifest, "d").startswith("ml-1m: 1 ratings of 1 movies by 1 users")


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


# the wheel, where GroupLens cannot be reached


def test_ml_100k_comes_from_the_real_wheel_where_grouplens_is_not(data_dir, said):
    try:
        manifest = bring("ml-100k", data_dir, said.append, base_url=NOWHERE)
    except CineSparkError as error:
        if "pip could not download" not in str(error):
            raise
        pytest.skip(f"pip reaches no package index here ({error})")
    assert said[0] == (
        "ml-100k comes from the package index, as packed in recbole==1.2.1, because "
        "http://127.0.0.1:9/ml-100k.zip cannot be reached (connection refused)"
    )
    assert [manifest.rows(file) for file in landing.HEADERS] == [
        100_000,
        1_682,
        0,
        0,
        943,
    ]
    movies = (data_dir / "current" / "movies.csv").read_text("utf-8").splitlines()
    assert movies[1] == "1,Toy Story (1995),Animation|Children's|Comedy"
    assert movies[50] == "50,Star Wars (1977),Action|Adventure|Romance|Sci-Fi|War"
    assert movies[267] == "267,unknown,(no genres listed)"
    assert movies[543] == '543,"Misérables, Les (1995)",Drama|Musical'
    assert movies[1412].startswith(
        "1412,Land Before Time III: The Time of the Great Giving (1995),"
    )
    ratings = (data_dir / "current" / "ratings.csv").read_text().splitlines()
    assert ratings[1] == "196,242,3,881250949"


def test_an_error_status_counts_as_unreachable(data_dir, said):
    with serving({}, FORBIDDEN) as (url, _):
        message = refused(
            "ml-100k", data_dir, said, base_url=url, unpack_wheel=no_wheel
        )
    assert "HTTP 403" in message
    assert "pip brought nothing" in message
    assert "cinespark data FOLDER" in message


def test_a_wheel_that_is_not_the_pinned_one_is_refused(data_dir, tmp_path, monkeypatch):
    name = "recbole-1.2.1-py3-none-any.whl"
    meta = "Metadata-Version: 2.1\nName: recbole\nVersion: 1.2.1\n"
    tags = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    info = "recbole-1.2.1.dist-info"
    fake = zipped({f"{info}/METADATA": meta, f"{info}/WHEEL": tags})
    (tmp_path / name).write_bytes(fake)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    message = refused("ml-100k", data_dir, [], base_url=NOWHERE)
    assert pypi_fallback.WHEEL_SHA256 in message
    assert "cinespark data FOLDER" in message


def test_without_any_network_the_error_names_both_ways_tried(
    data_dir, tmp_path, monkeypatch
):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    message = refused("ml-100k", data_dir, [], base_url=NOWHERE)
    assert "connection refused" in message
    assert "pip could not download recbole==1.2.1" in message
    assert "cinespark data FOLDER" in message


# bad names and networks


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("ml-10k", "did you mean ml-100k?"),
        ("ML-LATEST", "did you mean ml-latest-small?"),
        ("nothing-like-it", "Known are ml-100k, ml-latest-small, ml-1m, ml-25m"),
        ("", "Known are"),
        ("./missing", "there is no folder missing"),
    ],
)
def test_an_unknown_name(data_dir, said, wanted, expected):
    assert expected in refused(wanted, data_dir, said)


def test_a_file_of_movies_alone_is_not_enough(data_dir, own, said):
    message = refused(own / "movies.csv", data_dir, said)
    assert f"{own / 'movies.csv'}: ratings.csv is missing" in message


def test_sizes_are_for_the_sample_only(data_dir, said):
    message = refused("ml-1m", data_dir, said, sample=SampleParams(seed=3))
    assert "cinespark data sample" in message


def test_no_network(data_dir, said):
    message = refused("ml-1m", data_dir, said, base_url=NOWHERE)
    assert "ml-1m.zip cannot be reached (connection refused)" in message
    assert "cinespark data FOLDER" in message


def test_a_name_that_does_not_resolve(data_dir, said):
    message = refused("ml-1m", data_dir, said, base_url="http://nowhere.invalid/")
    assert "cannot be reached (its name is not found)" in message


def test_a_server_that_does_not_answer(data_dir, said, monkeypatch):
    def no_answer(*_, **__):
        raise requests.ConnectTimeout

    monkeypatch.setattr(requests, "get", no_answer)
    assert "no answer in time" in refused("ml-1m", data_dir, said)


def test_a_wrong_checksum(data_dir, said):
    with serving({"ml-100k.zip": SMALL_ZIP}) as (url, _):
        message = refused("ml-100k", data_dir, said, base_url=url)
    assert hashlib.sha256(SMALL_ZIP).hexdigest() in message
    assert KNOWN["ml-100k"].sha256 in message


def test_half_a_download(data_dir, said):
    archive = bytes(1_000_000)
    with serving({"ml-100k.zip": archive}, HALF) as (url, _):
        message = refused("ml-100k", data_dir, said, base_url=url)
    assert "of 1 MB (1,000,000 bytes)" in message
    assert "run the command again" in message


def damaged() -> bytes:
    """Return an archive whose file begins with a block of no kind."""
    name = b"ml-32m/ratings.csv"
    archive = zipped({name.decode(): RATINGS, "ml-32m/movies.csv": MOVIES})
    begin = archive.index(name) + len(name)
    return archive[:begin] + b"\xff" + archive[begin + 1 :]


@pytest.mark.parametrize(
    ("archive", "expected"),
    [
        (b"no zip", "not a whole zip archive"),
        (SMALL_ZIP[:-30], "not a whole zip archive"),
        (zipped({"other": "x"}), "holds no ml-32m/"),
        (damaged(), "not a whole zip archive"),
    ],
)
def test_an_archive_that_is_not_what_it_should_be(data_dir, said, archive, expected):
    with serving({"ml-32m.zip": archive}) as (url, _):
        message = refused("ml-32m", data_dir, said, base_url=url)
    assert expected in message


def test_a_refresh_that_fails_keeps_the_set(data_dir, said, monkeypatch):
    pin(monkeypatch, "ml-latest-small", SMALL_ZIP)
    with serving({"ml-latest-small.zip": SMALL_ZIP}) as (url, _):
        bring("ml-latest-small", data_dir, said.append, base_url=url)
    refused("ml-latest-small", data_dir, said, base_url=NOWHERE, refresh=True)


# no space

Usage = namedtuple("Usage", "total used free")


@pytest.mark.parametrize("wanted", ["ml-latest-small", "sample", "own"])
def test_too_little_space_is_seen_before(data_dir, own, said, monkeypatch, wanted):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10, 0, 10))
    with serving({"ml-latest-small.zip": SMALL_ZIP}) as (url, _):
        wanted = own if wanted == "own" else wanted
        message = refused(wanted, data_dir, said, base_url=url)
    assert "MB and the disk of" in message
    assert "0 MB free" in message
    assert "make room" in message


def test_a_disk_that_fills_up_half_way(data_dir, own, said, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    message = refused(own, data_dir, said)
    assert "no space left on the disk of" in message


@pytest.fixture
def small_disk(tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount command: no really full disk was tried")
    if done.returncode != 0:
        pytest.skip("mounting takes root: no really full disk was tried")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_is_really_full(small_disk, said, monkeypatch):
    bring("sample", small_disk, said.append, sample=SampleParams(5, 9, 30))
    monkeypatch.setattr(bringing, "SAMPLE_BYTES_PER_RATING", 0)
    message = refused("sample", small_disk, said, sample=SampleParams())
    assert "no space left on the disk of" in message


# bad folders


@pytest.mark.parametrize("file", ["ratings.csv", "movies.csv"])
def test_a_missing_file(data_dir, own, said, file):
    (own / file).unlink()
    assert f"{own / file} is missing" in refused(own, data_dir, said)


def test_a_folder_of_other_files_shows_what_it_holds(data_dir, tmp_path, said):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "Beach.CSV").touch()
    message = refused(tmp_path / "photos", data_dir, said)
    assert "found: Beach.CSV" in message
    assert "movieId,title,genres" in message


@pytest.mark.parametrize(
    ("file", "content", "expected"),
    [
        ("ratings.csv", b"", "is empty (0 bytes)"),
        ("movies.csv", b"", "is empty (0 bytes)"),
        ("links.csv", b"", "or leave the file out"),
        ("ratings.csv", RATINGS[:32].encode(), "a header but no ratings"),
        ("movies.csv", b"movieId,title,genres\r\n", "a header but no movies"),
        ("ratings.csv", b"1,1,4.0,964982703\n", "starts with the line '1,1,4.0,"),
        ("users.csv", b"who,age\n1,2\n", "no column of the user"),
        ("movies.csv", MOVIES.encode() + b"2,caf\xe9,x\n", "not UTF-8: line 3"),
        ("tags.csv", "userId,movieId,tag,timestamp\n".encode("utf-16"), "not UTF-8"),
    ],
)
def test_a_bad_file(data_dir, own, said, file, content, expected):
    bring(str(own), data_dir, said.append)
    (own / file).write_bytes(content)
    message = refused(own, data_dir, said)
    assert expected in message
    assert str(own / file) in message


@pytest.mark.parametrize("error", [EOFError(), zlib.error("Error -3")])
def test_an_archive_that_cannot_be_unpacked(tmp_path, monkeypatch, error):
    def fail(*_):
        raise error

    (tmp_path / "x.zip").write_bytes(zipped({"a": "x"}))
    monkeypatch.setattr(shutil, "copyfileobj", fail)
    with pytest.raises(CineSparkError, match=r"x\.zip is not .* \((it ends|Error -3)"):
        unzip(tmp_path / "x.zip", {"a": tmp_path / "a"}, optional=set())


# the command


def test_the_command_says_one_line_and_exits_well(tmp_path, own, monkeypatch):
    (tmp_path / "dbt_project.yml").touch()
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        result = CliRunner().invoke(cli, ["data", str(own)])
        assert result.exit_code == 0
        assert result.output == (
            "own-my-films: 2 ratings of 1 movies in var/data/own-my-films (current)\n"
        )


def test_the_command_turns_errors_into_one_sentence(tmp_path):
    (tmp_path / "dbt_project.yml").touch()
    done = subprocess.run(
        [sys.executable, "-m", "cinespark.cli.main", "data", "ml-10k"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("error: 'ml-10k' is neither")
    assert "Traceback" not in done.stderr
