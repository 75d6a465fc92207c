"""What is brought in tests, and how they see that nothing changed."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from corpus_case import zipped

from cinespark.data.bring import bring
from cinespark.data.known import KNOWN
from cinespark.errors import CineSparkError

NOWHERE = "http://127.0.0.1:9/"
RATINGS = "userId,movieId,rating,timestamp\n1,1,4.0,964982703\n2,1,3.5,964982704\n"
MOVIES = "movieId,title,genres\r\n1,Toy Story (1995),Adventure|Comedy\r\n"

SMALL_ZIP = zipped(
    {
        "ml-latest-small/ratings.csv": RATINGS,
        "ml-latest-small/movies.csv": MOVIES,
        "ml-latest-small/links.csv": "movieId,imdbId,tmdbId\r\n1,0114709,862\r\n",
        "ml-latest-small/README.txt": "read me",
        "../outside.txt": "never written",
    }
)


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
