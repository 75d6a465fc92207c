"""Downloads that fail, and archives that are not what they should be."""

import hashlib
import shutil
import zlib

import pytest
import requests
from bringing import MOVIES, NOWHERE, RATINGS, SMALL_ZIP, pin, refused
from corpus_case import zipped
from data_server import HALF, serving

from cinespark.data.bring import bring
from cinespark.data.download import unzip
from cinespark.data.known import KNOWN
from cinespark.errors import CineSparkError


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


@pytest.mark.parametrize("error", [EOFError(), zlib.error("Error -3")])
def test_an_archive_that_cannot_be_unpacked(tmp_path, monkeypatch, error):
    def fail(*_):
        raise error

    (tmp_path / "x.zip").write_bytes(zipped({"a": "x"}))
    monkeypatch.setattr(shutil, "copyfileobj", fail)
    with pytest.raises(CineSparkError, match=r"x\.zip is not .* \((it ends|Error -3)"):
        unzip(tmp_path / "x.zip", {"a": tmp_path / "a"}, optional=set())
