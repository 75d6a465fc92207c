"""Disks without room: seen before, half-way, and at the very end."""

import errno
import shutil
import subprocess
from collections import namedtuple

import pytest
from bringing import SMALL_ZIP, refused
from data_server import serving

from cinespark.data import bring as bring_module
from cinespark.data.bring import bring
from cinespark.data.sample_params import SampleParams

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
    monkeypatch.setattr(bring_module, "SAMPLE_BYTES_PER_RATING", 0)
    message = refused("sample", small_disk, said, sample=SampleParams())
    assert "no space left on the disk of" in message
