"""`cinespark data FOLDER --explain`, its options, and what columns.yml may say."""

import pytest
from click.testing import CliRunner

from cinespark.cli.main import cli
from cinespark.data.columns_file import Said, read_columns_file
from cinespark.errors import CineSparkError


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "dbt_project.yml").touch()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "movies.csv").write_text(
        "movieId,title,genres\n1,Heat (1995),Crime\n"
    )
    (tmp_path / "shop" / "ratings.csv").write_text(
        "uid;ip;item;stars;when\n"
        "1;x;1;4,5;2000-07-30\n2;y;1;3,5;2000-07-31\n3;z;1;1,0;2000-07-31\n"
        "4;z;1;2,0;2000-07-31\n"
    )
    (tmp_path / "shop" / "columns.yml").write_text("ratings: {columns: {time: when}}\n")
    return tmp_path


def run(*words):
    return CliRunner().invoke(cli, ["data", *words])


def test_each_file_is_explained_with_three_rows_and_nothing_lands(project):
    result = run("shop", "--explain")
    assert result.exit_code == 0, result.exception
    assert result.output == (
        "ratings.csv: from shop/ratings.csv, UTF-8, semicolons between fields\n"
        "  columns: user = uid, item = item, rating = stars, time = when\n"
        "  times: iso\n"
        "  times have no zone: read as UTC\n"
        "  ignored: ip\n"
        "    userId,movieId,rating,timestamp\n"
        "    1,1,4.5,964915200\n"
        "    2,1,3.5,965001600\n"
        "    3,1,1.0,965001600\n"
        "\n"
        "movies.csv: from shop/movies.csv, as it is\n"
        "  columns: item = movieId, title = title, genres = genres\n"
        "    movieId,title,genres\n"
        "    1,Heat (1995),Crime\n"
        "\n"
        "ids: int, feedback: explicit\n"
    )
    assert not (project / "var").exists()


def test_the_genome_is_explained_where_it_is_asked_for_and_else_named(project):
    (project / "shop" / "genome_scores.csv").write_text(
        "movieId,tagId,relevance\n1,1,0.5\n"
    )
    (project / "shop" / "genome-tags.csv").write_text("tagId,tag\n1,007\n")
    assert run("shop", "--explain").output.endswith(
        "\n\nthe genome scores are left where they are: --genome lands them, too\n\n"
        "ids: int, feedback: explicit\n"
    )
    assert run("shop", "--explain", "--genome").output.endswith(
        "\n\ngenome-scores.csv: from shop/genome_scores.csv, as it is\n"
        "  columns: item = movieId, tag_id = tagId, relevance = relevance\n"
        "    movieId,tagId,relevance\n"
        "    1,1,0.5\n"
        "\n"
        "genome-tags.csv: from shop/genome-tags.csv, as it is\n"
        "  columns: tag_id = tagId, tag = tag\n"
        "    tagId,tag\n"
        "    1,007\n"
        "\n"
        "ids: int, feedback: explicit\n"
        "build with --vars '{genome: true}'\n"
    )
    assert not (project / "var").exists()


def test_only_what_is_there_is_explained(project):
    assert "no folder or file none to explain" in str(
        run("none", "--explain").exception
    )


def test_options_say_what_columns_yml_says(project):
    (project / "shop" / "columns.yml").unlink()
    (project / "answers.yml").write_text("ratings: {columns: {time: when}}\n")
    (project / "shop" / "movies.csv").write_text("movieId;title;genres\n1;Caf\xe9;\n")
    words = ["--columns", "answers.yml", "--delimiter", "semicolon", "--time", "iso"]
    result = run("shop", "--encoding", "utf8", *words)
    assert result.exit_code == 0, result.exception
    assert result.output.endswith(
        "own-shop: 4 ratings of 1 movie in var/data/own-shop (current)\n"
    )
    landed = project / "var" / "data" / "current"
    assert (landed / "movies.csv").read_text().splitlines()[1] == (
        "1,Café,(no genres listed)"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ratings: {time: weeks}", "time is 'weeks': it takes one of seconds, "),
        ("ratings: {delimiter: '#'}", "the delimiter is '#': it takes one of comma"),
        ("encoding: klingon", "there is no encoding 'klingon'"),
        ("ratings: {quotes: single}", "quotes is 'single': it takes one of both"),
        ("ratings: {scale: [5, 1]}", r"scale is \[5, 1\]: write the lowest and the"),
        ("ratings: {scale: five}", "scale is 'five'"),
        ("ratings: ratings.csv", "ratings is 'ratings.csv': write its keys below it"),
        ("ratings: {columns: 5}", "columns is 5: write"),
        ("ratings: {columns: {usr: a}}", "no key 'usr': did you mean user?"),
        ("ratings: {columns: [user, film]}", "there is no key 'film'"),
        ("ids: long", "ids is 'long': it takes one of int bigint string"),
        ("ratings: {feedback: implicit}", "there is no key 'feedback'"),
        ("- ratings", "is no list of keys: begin with one of ratings, movies"),
        ("ratings: {", "cannot be read as YAML"),
    ],
)
def test_what_has_no_meaning_in_columns_yml_is_an_error(tmp_path, text, words):
    path = tmp_path / "columns.yml"
    path.write_text(text)
    with pytest.raises(CineSparkError, match=words):
        read_columns_file(path, Said())


def test_an_option_goes_before_the_file_and_a_file_before_all(tmp_path):
    path = tmp_path / "columns.yml"
    path.write_text("delimiter: tab\ntime: iso\nmovies: {delimiter: pipe}\n")
    said = read_columns_file(path, Said(time="seconds"))
    assert said["ratings.csv"].delimiter == "\t"
    assert said["movies.csv"].delimiter == "|"
    assert {one.time for one in said.values()} == {"seconds"}
