"""MovieLens 100K from the package index, where GroupLens cannot be reached."""

import pytest
from bringing import NOWHERE, refused
from corpus_case import zipped
from data_server import FORBIDDEN, serving

from cinespark.data import landing, pypi_fallback
from cinespark.data.bring import bring
from cinespark.errors import CineSparkError


def no_wheel(_):
    raise CineSparkError("pip brought nothing")


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
