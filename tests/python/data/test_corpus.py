"""Each file or folder of the corpus lands as written there, or with its sentence."""

import re
from collections import Counter
from pathlib import Path

import pytest
from corpus_columns import CASES as COLUMNS
from corpus_events import CASES as EVENTS
from corpus_genome import CASES as GENOME
from corpus_ids import CASES as IDS
from corpus_later import CASES as LATER
from corpus_layouts import CASES as LAYOUTS
from corpus_packed import CASES as PACKED
from corpus_texts import CASES as TEXTS
from corpus_twice import CASES as TWICE
from corpus_values import CASES as VALUES

from cinespark.data import landing
from cinespark.data.bring import bring
from cinespark.data.columns_file import said_by_options
from cinespark.data.landing import ALL_HEADERS
from cinespark.data.meanings import MEANINGS, NAMES
from cinespark.errors import CineSparkError

ROOT = Path(__file__).parents[3]
CASES = [*COLUMNS, *TEXTS, *VALUES, *PACKED, *LAYOUTS, *IDS, *EVENTS]
CASES += [*TWICE, *LATER, *GENOME]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "brought"


def write(case, folder):
    for name, content in case.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_case_lands_or_is_refused_as_written(case, folder, tmp_path):
    write(case, folder)
    said = []

    def brought():
        options = said_by_options(case.encoding, None, None)
        wanted = str(folder / case.brought)
        return bring(
            wanted,
            tmp_path / "data",
            said.append,
            options=options,
            with_genome=case.with_genome,
        )

    if case.error:
        with pytest.raises(CineSparkError) as caught:
            brought()
        assert str(caught.value) == case.error.replace("{folder}", str(folder))
        assert not list(tmp_path.glob("data/own-*"))
        return
    manifest = brought()
    landed = tmp_path / "data" / "current"
    for file, lines in case.lands.items():
        text = (landed / file).read_text(encoding="utf-8-sig")
        is_events = case.is_events and file == "ratings.csv"
        header = landing.EVENTS if is_events else ALL_HEADERS[file]
        assert text.splitlines() == [header, *lines]
        assert manifest.rows(file) == len(lines)
    assert said == case.says
    assert manifest.has_genome == case.with_genome
    assert {path.name for path in landed.iterdir()} == {
        *(one.file for one in manifest.files),
        landing.MANIFEST,
    }
    if case.is_copied:
        copied = [one.file for one in manifest.files if one.file in case.files]
        assert all(
            (landed / file).read_bytes() == (folder / file).read_bytes()
            for file in copied
        )


def test_the_corpus_is_large_and_its_sentences_differ():
    assert len(CASES) >= 40
    assert len({case.name for case in CASES}) == len(CASES)
    assert max(Counter(case.error for case in CASES if case.error).values()) == 1


def test_the_names_that_are_understood_are_those_that_the_docs_list():
    page = (ROOT / "docs" / "your-own-data.md").read_text(encoding="utf-8")
    listed = {
        meaning.strip(): re.findall("`(.*?)`", names)
        for meaning, names in re.findall(r"^\| (\w+) \| (`\w+`.*) \|$", page, re.M)
    }
    used = {one for meanings in MEANINGS.values() for one in meanings}
    assert listed == {meaning: NAMES[meaning].split() for meaning in used}
