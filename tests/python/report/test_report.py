"""The report: its numbers are the marts', and a browser draws it without complaint."""

import shutil
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
import yaml
from browser import address_of, opening, violations
from click.testing import CliRunner
from pyiceberg.catalog.sql import SqlCatalog
from whole_build import SCHEMA

from cinespark.cli.main import cli
from cinespark.data.bring import bring
from cinespark.errors import CineSparkError
from cinespark.report import about_checks, about_models
from cinespark.report.build import write_pictures, write_report
from cinespark.report.marts import read_marts
from cinespark.report.wording import shown
from cinespark.vocabulary import USUAL

DRAWN = "document.documentElement.dataset.drawn"
# what a figure shows of a mart: the rows by their key, and columns by their labels
SHOWN = {
    "genres": ("eda_popular_genres", "genre", ["rating_count", "rating_mean"]),
    "distribution": ("eda_rating_distribution", "rating", ["rating_share"]),
    "activity": ("eda_activity_deciles", "activity_decile", ["rating_share"]),
    "long_tail": ("eda_long_tail", "top_percent", ["rating_share", "min_rating_count"]),
    "predictors": ("model_leaderboard", "model", ["metric_value", "metric_value_low"]),
    "rankers": ("model_leaderboard", "model", ["metric_value", "metric_value_high"]),
    "new_users": ("model_leaderboard", "model", ["metric_value", "judged_count"]),
    "lines": (
        "line_reconciliation",
        "source_file",
        ["accepted_count", "rejected_count"],
    ),
    "list_genres": ("recommended_genres", "genre", ["liked_share", "listed_share"]),
}


@pytest.fixture(scope="module")
def report(build, state_dir, exports_dir, tmp_path_factory):
    """Return the report's file and its sections, of the build that others look at."""
    (state_dir / "exports").symlink_to(exports_dir)
    file = tmp_path_factory.mktemp("report") / "index.html"
    yield file, write_report(state_dir, SCHEMA, file)
    (state_dir / "exports").unlink()


@pytest.fixture(scope="module")
def figures(report):
    _, sections = report
    return {figure.name: figure for section in sections for figure in section.figures}


@pytest.fixture(scope="module")
def page(chromium, report):
    """Return the report in the browser, opened once for those who only read it."""
    with opening(chromium) as open_page:
        yield open_page(address_of(report[0]), DRAWN)[0]


def cells(page, name):
    """Return the table of a figure as the page shows it."""
    rows = page.locator(f"#figure-{name} tr").all()
    head, *body = [row.locator("th, td").all_text_contents() for row in rows]
    return pd.DataFrame(body, columns=head)


def test_each_section_is_there_and_nothing_is_missing(report):
    _, sections = report
    assert len(sections) == 16
    assert [section.missing for section in sections] == [None] * 16
    assert all(figure.finding for section in sections for figure in section.figures)


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_browser_draws_every_chart_and_does_not_complain(
    opened, axe, report, figures, width, scheme
):
    file, _ = report
    page, complaints = opened(address_of(file), DRAWN, width, scheme)
    assert complaints == []
    with_chart = [figure for figure in figures.values() if figure.chart is not None]
    assert page.evaluate(DRAWN) == str(len(with_chart))
    assert len(with_chart) >= 25
    for figure in with_chart:
        chart = page.locator(f"[data-chart={figure.name}] .role-mark")
        marks = chart.locator("path, line, text").count()
        assert marks >= 1, figure.name
        box = page.locator(f"[data-chart={figure.name}] svg").bounding_box()
        assert box["height"] > 40, figure.name
        assert box["width"] <= width, figure.name
    bars = page.locator("[data-chart=genres] .mark-rect.role-mark path").count()
    assert bars == len(figures["genres"].data)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    assert violations(page, axe) == []


def test_a_tooltip_says_what_a_mark_stands_for(opened, report, figures):
    file, _ = report
    page, _ = opened(address_of(file), DRAWN)
    page.locator("[data-chart=genres] .mark-rect.role-mark path").first.hover()
    page.wait_for_selector("#vg-tooltip-element.visible")
    words = page.locator("#vg-tooltip-element").inner_text()
    first = figures["genres"].data.iloc[0]
    assert first.genre in words
    assert f"{first.rating_count:,}" in words


def test_on_paper_it_is_black_on_white_without_what_cannot_be_clicked(opened, report):
    file, _ = report
    page, _ = opened(address_of(file), DRAWN, scheme="dark")
    page.emulate_media(media="print")
    colours = "getComputedStyle(document.body)"
    assert page.evaluate(f"{colours}.backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate(f"{colours}.color") == "rgb(0, 0, 0)"
    assert not page.locator("nav").is_visible()
    table = page.locator("#figure-checks .table")
    assert table.evaluate("one => one.scrollHeight <= one.clientHeight + 1")


@pytest.mark.parametrize("name", SHOWN)
def test_numbers_on_the_page_are_those_of_the_marts(page, figures, table, name):
    mart, key, columns = SHOWN[name]
    on_page = cells(page, name)
    rows = table(mart)
    if mart == "model_leaderboard":
        rows = rows[rows["role"].isin([name, name.removesuffix("s")])]
    if name == "lines":  # what people sent is in one row, however many segments it has
        is_sent = rows["source_file"].str.endswith(".jsonl")
        assert is_sent.any()
        together = f"{is_sent.sum()} segments of what people sent"
        files = rows["source_file"].mask(is_sent, together)
        of_stream = files == "ratings.own-damaged/0"
        files = files.mask(of_stream, "1 partition of the stream")
        rows = rows.groupby(files)[columns].sum().reset_index()
    assert len(on_page) == len(rows) > 0
    labels = figures[name].columns
    # the long tail has its key as a share
    if key == "top_percent":
        rows = rows.assign(top=rows["top_percent"] / 100)
        key = "top"
    shown_keys = on_page[labels[key][0]]
    for column in columns:
        label, form = labels[column]
        expected = {
            shown(row[key], labels[key][1]): format(row[column], form)
            for row in rows.to_dict("records")
        }
        assert dict(zip(shown_keys, on_page[label], strict=True)) == expected


def test_headlines_and_checks_are_those_of_the_build(page, table):
    answers = page.locator("#answers + dl dd").all_text_contents()
    genres = table("eda_popular_genres")
    best = genres[genres.rating_share >= 0.01].sort_values("rating_mean").iloc[-1]
    assert f"{best.genre} ({best.rating_mean:.2f} stars)" in answers[0]
    users = table("eda_user_activity").set_index("activity_rank")
    assert answers[1].startswith(f"User {users.user_id[1]} is the most active")
    months = table("eda_rating_trends").sort_values("rating_count")
    assert f"{pd.Timestamp(months.rated_month.iloc[-1]):%B %Y}" in answers[2]
    checked = about_checks.last_checks(table("data_quality_results"))
    results = cells(page, "checks")["result"]
    assert len(results) == len(checked) > 20
    assert (results == "FAILED").sum() == (~checked["success"]).sum()


def test_each_chart_is_a_picture_too(report, figures, tmp_path):
    _, sections = report
    files = write_pictures(sections, tmp_path / "pictures")
    assert len(files) == sum(figure.chart is not None for figure in figures.values())
    assert all(file.read_bytes().startswith(b"\x89PNG") for file in files)


def landed(folder, ratings, movies, users=None):
    """Return a landed data set of these lines."""
    own = folder / "own"
    own.mkdir()
    for name, header, lines in (
        ("ratings", "userId,movieId,rating,timestamp", ratings),
        ("movies", "movieId,title,genres", movies),
        ("users", "userId,age,gender,occupation,zip", users),
    ):
        if lines is not None:
            (own / f"{name}.csv").write_text("\n".join([header, *lines]) + "\n")
    bring(str(own), folder / "data", str)
    return folder / "data" / "current"


MOVIES = ["1,Heat (1995),Action|Crime", "2,Fargo (1996),Crime", "3,No year,Drama"]
RATINGS = ["1,1,4.0,964982703", "1,2,5.0,964982703", "2,1,3.5,1064982703"]


@pytest.mark.parametrize(
    ("schema", "ratings", "missing"),
    [
        ("empty_report", ["1,1,9.5,964982703"], ["There are no ratings."]),
        ("tiny_report", RATINGS, []),
    ],
)
def test_of_next_to_nothing_the_report_says_what_is_missing(
    dbt, state_dir, tmp_path, opened, axe, schema, ratings, missing
):
    data_dir = landed(tmp_path, ratings, MOVIES)
    result = dbt(
        "run",
        "--select",
        "+tag:eda",
        "+line_reconciliation",
        "--vars",
        yaml.safe_dump({"data_dir": str(data_dir)}),
        schema=schema,
    )
    assert result.success
    file = tmp_path / "report.html"
    sections = {one.topic.name: one for one in write_report(state_dir, schema, file)}
    for name in ("trends", "distribution", "activity", "best_movies"):
        assert sections[name].missing == (missing[0] if missing else None)
    assert sections["leaderboard"].missing == (
        "Not built: model_leaderboard is not there. Run dbt build."
    )
    assert "no lines in" in sections["glance"].figures[1].finding
    page, complaints = opened(address_of(file), DRAWN)
    assert complaints == []
    assert violations(page, axe) == []


def test_without_a_users_file_and_tags_the_report_says_so(report, table, tmp_path):
    quality = table("ranking_quality")
    quality = quality[~quality["segment_kind"].isin(["age", "gender"])]
    figures = about_models.who(
        {"ranking_quality": quality, "model_leaderboard": table("model_leaderboard")},
        USUAL,
    )
    found = {figure.name: figure for figure in figures}
    for kind in ("age", "gender"):
        figure = found[f"who_{kind}"]
        assert figure.chart is None
        assert "users.csv is missing or does not say" in figure.finding
    assert found["who_activity"].chart is not None


def test_without_a_build_or_its_schema_the_way_out_is_said(tmp_path, state_dir, build):
    with pytest.raises(CineSparkError, match=r"nothing is built, .* run `make run`"):
        read_marts(tmp_path, "cinespark", [])
    with pytest.raises(CineSparkError, match=r"no schema nowhere .*end_to_end"):
        read_marts(state_dir, "nowhere", [])


def test_a_table_whose_files_are_gone_is_said(tmp_path):
    file = tmp_path / "catalog.db"
    catalog = SqlCatalog("lake", uri=f"sqlite:///{file}", warehouse=tmp_path.as_uri())
    catalog.create_namespace("built")
    rows = pa.table({"genre": ["Drama"]})
    catalog.create_table("built.genres", schema=rows.schema).append(rows)
    catalog.close()
    assert read_marts(tmp_path, "built", ["genres"])["genres"].genre.tolist() == [
        "Drama"
    ]
    for data in tmp_path.rglob("*.parquet"):
        data.unlink()
    with pytest.raises(CineSparkError, match=r"table genres is gone .*dbt build"):
        read_marts(tmp_path, "built", ["genres"])


def test_the_command_says_where_the_report_is(report, state_dir, tmp_path, monkeypatch):
    shutil.copy(Path(__file__).parents[3] / "dbt_project.yml", tmp_path)
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "out" / "report.html"
    words = ["--state-dir", str(state_dir), "report", "--schema", SCHEMA]
    result = CliRunner().invoke(cli, [*words, "--out", str(file)])
    assert result.exit_code == 0, result.output
    assert f"charts in {file}" in result.output
    assert file.is_file()


def test_titles_are_shown_as_they_are(tmp_path, dbt, state_dir, opened):
    movies = ["1,<script>alert(1)</script> & 'x' (1995),Drama", *MOVIES[1:]]
    data_dir = landed(tmp_path, RATINGS, movies)
    result = dbt(
        "run",
        "--select",
        "+eda_best_movies",
        "--vars",
        yaml.safe_dump({"data_dir": str(data_dir)}),
        schema="odd_titles",
    )
    assert result.success
    file = tmp_path / "report.html"
    write_report(state_dir, "odd_titles", file)
    page, complaints = opened(address_of(file), DRAWN)
    assert complaints == []
    assert "<script>alert(1)</script> & 'x' (1995)" in set(
        cells(page, "best_movies")["movie"]
    )
