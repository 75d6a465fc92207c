"""The files of a folder that others add to are listed once per command."""

import hashlib
import json
import os

import pytest

from dbt.adapters.sparksession import pinned_lists
from dbt.adapters.sparksession.pinned_lists import forget_lists, pin_files


@pytest.fixture
def folder(tmp_path):
    write(tmp_path, "a.jsonl", "1\n2\n")
    yield tmp_path
    forget_lists()


def write(folder, name, text):
    (folder / name).write_bytes(text.encode())


def files_of(pin):
    return [one["file"] for one in pin["files"]]


def test_what_comes_in_meanwhile_is_for_the_next_command(folder):
    first = pin_files(folder, ".jsonl")
    write(folder, "b.jsonl", "3\n")
    assert pin_files(folder, ".jsonl") is first
    forget_lists()
    second = pin_files(folder, ".jsonl")
    assert (files_of(first), files_of(second)) == (["a.jsonl"], ["a.jsonl", "b.jsonl"])
    assert pin_files(folder, ".jsonl", first["name"]) == first


def test_a_list_says_lines_bytes_and_sums_and_lies_beside_the_files(folder):
    texts = {"b.jsonl": "1\r2\r\n3", "c.jsonl": "\n\n", "d.jsonl": ""}
    for name, text in texts.items():
        write(folder, name, text)
    pin = pin_files(folder, ".jsonl")
    assert [one["rows"] for one in pin["files"]] == [2, 3, 2, 0]
    for one in pin["files"]:
        content = (folder / one["file"]).read_bytes()
        assert one["bytes"] == len(content)
        assert one["sha256"] == hashlib.sha256(content).hexdigest()
    (file,) = folder.glob("pinned-*")
    assert str(file) == pin["path"]
    (line,) = file.read_text().splitlines()
    assert json.loads(line) == {"sha256": pin["sha256"], "files": pin["files"]}
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_break_between_two_blocks_is_one(folder, monkeypatch):
    monkeypatch.setattr(pinned_lists, "CHUNK", 2)
    write(folder, "b.jsonl", "1\r\n22\r\n\r\r\n3\n")
    pin = pin_files(folder, ".jsonl")
    assert [one["rows"] for one in pin["files"]] == [2, 5]


def test_a_file_that_was_listed_keeps_its_sum(folder):
    first = pin_files(folder, ".jsonl")
    write(folder, "a.jsonl", "9\n2\n")  # by a failing disk
    write(folder, "b.jsonl", "3\n")
    forget_lists()
    again = pin_files(folder, ".jsonl")
    assert again["files"][0] == first["files"][0]


def test_without_files_there_is_no_list(folder):
    (folder / "a.jsonl").rename(folder / "a.open")
    write(folder, ".new-b.jsonl", "3\n")
    assert pin_files(folder, ".jsonl") is None
    assert pin_files(folder / "nowhere", ".jsonl") is None
    assert not list(folder.glob("pinned-*"))


def test_a_list_that_is_not_there_is_an_error_that_names_those_that_are(folder):
    name = pin_files(folder, ".jsonl")["name"]
    with pytest.raises(FileNotFoundError, match=rf"name one of those.*\({name}\)"):
        pin_files(folder, ".jsonl", "pinned-0")


def test_a_damaged_list_and_many_lists_do_no_harm(folder, monkeypatch):
    monkeypatch.setattr(pinned_lists, "KEPT", 2)
    for number in range(4):
        write(folder, f"{number}.jsonl", "1\n")
        forget_lists()
        pin = pin_files(folder, ".jsonl")
        os.utime(pin["path"], (number, number))
    assert len(list(folder.glob("pinned-*"))) == 2
    forget_lists()
    newest = pinned_lists.lists_in(folder)[-1]
    newest.write_text("{")
    assert pin_files(folder, ".jsonl") == pin
