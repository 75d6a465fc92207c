"""Texts that command no terminal and run in no spreadsheet."""

import re
from pathlib import Path

import pytest

from cinespark.printable import printable, without_formula

CLI = Path(__file__).parents[2] / "src" / "cinespark" / "cli"
C0_AND_C1 = [*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0))]


@pytest.mark.parametrize("character", [one for one in C0_AND_C1 if one not in "\t\n"])
def test_each_control_character_is_written_out(character):
    assert printable(f"a{character}b") == f"a\\u{ord(character):04x}b"


def test_what_turns_the_direction_of_text_is_written_out():
    assert printable("\u202egnp.exe \u2066x\u2069") == (
        "\\u202egnp.exe \\u2066x\\u2069"
    )


def test_half_a_character_of_a_file_name_can_be_printed():
    printable("caf\udce9").encode()


@pytest.mark.parametrize(
    "text", ["Amélie (2001)", "Desu nôto\t\n", "אבג", "七人の侍", "👩‍👩‍👧", "a\\u001bb"]
)
def test_a_text_without_control_characters_stays_as_it_is(text):
    assert printable(text) == text


@pytest.mark.parametrize("start", list("=+-@\t\r"))
def test_a_text_that_a_spreadsheet_runs_has_an_apostrophe_before_it(start):
    assert without_formula(f"{start}1") == f"'{start}1"
    assert without_formula(f"a{start}") == f"a{start}"


def test_commands_print_in_one_way_only():
    prints = re.compile(r"\bclick\.\w*echo\b|^ *print\(", re.MULTILINE)
    found = [file.name for file in CLI.glob("*.py") if prints.search(file.read_text())]
    assert found == ["output.py"]
