"""The genome where it is asked for, from files to the mart, and nowhere else."""

import pytest
import yaml

from cinespark.data.bring import bring

SCHEMA = "genome"
FILES = {
    "ratings.csv": "userId,movieId,rating,timestamp\n1,tt1,4.0,964982703\n",
    "movies.csv": "movieId,title,genres\ntt1,Heat (1995),Crime\ntt2,Emma (1996),\n",
    "genome-tags.csv": "tagId,tag\n"
    + "".join(f"{tag},tag {tag}\n" for tag in range(1, 31)),
    "genome-scores.csv": "movieId,tagId,relevance\n"
    + "".join(f"tt1,{tag},{tag / 32}\n" for tag in range(1, 31))
    + "tt2,7,0.25\ntt2,7,0.75\ntt2,31,0.5\ntt2,8,1.01\ntt2,9\n",
}
MODELS = {
    *("base_movielens__genome_scores", "base_movielens__genome_tags"),
    *("stg_movielens__genome_scores", "stg_movielens__genome_tags"),
    "movie_genome_tags",
}


@pytest.fixture(scope="module")
def land(tmp_path_factory):
    """Return a function that makes the set current, with the genome or without.

    Its ids are texts. The folder is always the same, so that dbt parses no more often.
    """
    own, data_dir = tmp_path_factory.mktemp("own"), tmp_path_factory.mktemp("landing")
    for name, text in FILES.items():
        (own / name).write_text(text)

    def folder(with_genome):
        bring(str(own), data_dir, str, with_genome=with_genome)
        return data_dir / "current"

    return folder


@pytest.fixture(scope="module")
def run(dbt, land):
    """Return a function that runs dbt on the set, and a var that it fits or not."""

    def command(*words, landed, genome):
        asked = {"genome": True} if genome else {}
        variables = {"id_type": "string", "data_dir": str(land(landed)), **asked}
        return dbt(*words, "--vars", yaml.safe_dump(variables), schema=SCHEMA)

    return command


@pytest.fixture(scope="module")
def table(run, spark):
    """Return a function that reads what a build with the genome made."""
    words = ["--select", "+movie_genome_tags", "+line_reconciliation", "+dim_movies"]
    words += ["--exclude", "test_type:unit", "--indirect-selection", "cautious"]
    result = run("build", *words, landed=True, genome=True)
    assert result.success, [
        (node.node.name, node.message)
        for node in result.result
        if node.status in ("error", "fail")
    ]

    def read(name):
        return spark.table(f"{SCHEMA}.{name}").collect()

    return read


def test_its_unit_tests_pass(run, table):
    words = ["test", "--select", "test_type:unit,unit_test:*genome*"]
    result = run(*words, landed=True, genome=True)
    assert result.success, [node.message for node in result.result]
    kinds = [node.node.resource_type for node in result.result]
    assert kinds.count("unit_test") == 5


def test_each_movie_has_its_most_relevant_tags(table):
    rows = sorted(
        (row.movie_id, row.rank, row.tag) for row in table("movie_genome_tags")
    )
    best = [("tt1", rank, f"tag {31 - rank}") for rank in range(1, 21)]
    assert rows == [*best, ("tt2", 1, "tag 7")]
    relevance = {row.tag: row.relevance for row in table("movie_genome_tags")}
    assert relevance["tag 30"] == 30 / 32
    assert relevance["tag 7"] == 0.75


def test_each_line_of_the_genome_is_accounted_for(table):
    accounts = {
        row.source_file: (
            *(row.line_count, row.accepted_count, row.superseded_count),
            row.rejected_count,
        )
        for row in table("line_reconciliation")
    }
    assert len(accounts) == 7
    assert accounts["genome-scores.csv"] == (35, 31, 1, 3)
    assert accounts["genome-tags.csv"] == (30, 30, 0, 0)
    assert {
        (row.line, row.reason, row.reason_kind) for row in table("rejected_rows")
    } == {
        (
            *("tt2,31,0.5", "tagId 31 is not in genome-tags.csv"),
            "tagId is not in genome-tags.csv",
        ),
        (
            *("tt2,8,1.01", "relevance 1.01 is outside 0 to 1"),
            "relevance is outside 0 to 1",
        ),
        ("tt2,9", *2 * ("3 fields expected, 2 found",)),
    }


def test_where_it_is_not_asked_for_there_are_no_such_models(run):
    words = ["ls", "--quiet", "--resource-types", "model", "source", "test"]
    found = {
        genome: set(run(*words, landed=genome, genome=genome).result)
        for genome in (True, False)
    }
    assert found[False] < found[True]
    more = {name.split(".")[-1] for name in found[True] - found[False]}
    assert more >= MODELS
    assert all("genome" in name for name in more)
    assert not any("genome" in name for name in found[False])


@pytest.mark.parametrize(
    ("landed", "words"),
    [(True, "genome is false, not true"), (False, "genome is true, not false")],
)
def test_a_build_with_the_other_var_stops_in_one_sentence(run, landed, words):
    select = ["--select", "stg_movielens__tags"]
    result = run("run", *select, landed=landed, genome=not landed)
    said = str(result.exception) + "".join(
        str(one.message) for one in result.result or []
    )
    assert f"does not fit the vars ({words}): build with --vars" in said
