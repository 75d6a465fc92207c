"""The docs site as one file: it opens on the overview, and a browser is content."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from browser import address_of, violations
from whole_build import SCHEMA

ROOT = Path(__file__).parents[3]
MEND = ROOT / "scripts" / "mend_docs_site.py"
READY = "document.querySelectorAll('.overview-content, .panel-body').length > 0"
FIVE = [
    *("fct_ratings", "dim_movies", "eda_popular_genres", "model_leaderboard"),
    "recommendations",
]


@pytest.fixture(scope="module")
def site(dbt, build, variables, tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    words = ["docs", "generate", "--static", "--vars", yaml.safe_dump(variables)]
    result = dbt(*words, schema=SCHEMA, artifacts=folder)
    assert result.success
    file = folder / "static_index.html"
    subprocess.run([sys.executable, MEND, file], check=True)
    return file


def test_the_site_opens_on_the_flow_and_the_five_tables(opened, site):
    page, complaints = opened(address_of(site), READY)
    text = page.locator("body").inner_text()
    assert "marts/core" in text
    assert "gate: accepted_ratings" in text
    names = page.locator("table a").all_inner_texts()
    assert names == FIVE
    page.get_by_role("link", name="dim_movies").first.click()
    page.get_by_text("rating_count").first.wait_for()
    assert "One row per movie" in page.locator("body").inner_text()
    assert page.locator("use[href^='#icn']").count() > 0  # its icons are there
    assert complaints == []


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ("overview", "gate: accepted_ratings"),
        ("model/model.cinespark.recommendations", "One row per user and rank"),
        ("model/model.cinespark.dim_movies#code", "ratings_by_movie"),
        ("macro/macro.cinespark.release_year", "Arguments"),
        ("exposure/exposure.cinespark.report", "Report"),
        ("overview?g_v=1", "Lineage Graph"),
    ],
)
def test_the_site_keeps_the_rules_of_accessibility(opened, site, axe, place, shown):
    for width in (380, 1280):
        page, complaints = opened(f"{address_of(site)}#!/{place}", READY, width=width)
        page.get_by_text(shown).filter(visible=True).first.wait_for()
        assert violations(page, axe) == []
        assert complaints == []


def test_a_page_of_another_version_of_dbt_is_not_mended_in_silence(tmp_path):
    file = tmp_path / "index.html"
    file.write_text("<html></html>")
    result = subprocess.run(
        [sys.executable, MEND, file], capture_output=True, text=True
    )
    assert result.returncode == 1
    assert f"error: {file} has no" in result.stderr
