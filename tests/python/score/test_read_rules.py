"""Files of rules: what each line means, and what is said of one that means nothing."""

from dataclasses import asdict

import pytest

from cinespark.errors import CineSparkError
from cinespark.score.read_rules import KnownValues, read_rules

KNOWN = KnownValues(
    {
        "genres": ["Comedy", "Horror", "Film-Noir"],
        "ages": ["under 18", "18-24", "25-34"],
        "genders": ["F", "M"],
        "occupations": ["artist"],
    },
    top_n=10,
)
HEADER = "scope,condition,effect\n"


def read(tmp_path, text, known=KNOWN):
    path = tmp_path / "rules.csv"
    path.write_text(text, encoding="utf-8")
    return read_rules(path, known)


def said(rule):
    """Return what a rule says besides its words, without what it leaves open."""
    words = ("line", "scope", "condition")
    return {
        key: value
        for key, value in asdict(rule).items()
        if value is not None and key not in words
    }


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("everybody,movie=5|7,never", {"movie_ids": ["5", "7"]}),
        ("everybody,item=B00X,never", {"movie_ids": ["B00X"]}),
        ("everybody,any,never", {}),
        ("user=42,genre=Horror,never", {"user_ids": ["42"], "genres": ["Horror"]}),
        (
            "age=18-24|25-34; gender=F,genre=Horror,only",
            {"effect": "only", "ages": ["18-24", "25-34"], "genders": ["F"]}
            | {"genres": ["Horror"]},
        ),
        (
            "everybody,genre=*,at most 3",
            {"effect": "at most", "amount": 3.0, "each_of": "genre"},
        ),
        (
            'everybody,"franchise=Star Wars; year<1990",at most 1',
            {"effect": "at most", "amount": 1.0, "franchises": ["star wars"]}
            | {"year_to": 1989},
        ),
        ("everybody,ratings<20,never", {"ratings_to": 19}),
        ("everybody,ratings<=20; ratings>3,never", {"ratings_to": 20}
         | {"ratings_from": 4}),
        ("everybody,year=1999,never", {"year_from": 1999, "year_to": 1999}),
        ("occupation=artist,year >= 2000,raise 0.5",
         {"effect": "raise", "amount": 0.5, "occupations": ["artist"]}
         | {"year_from": 2000}),
        ("everybody,genre=Film-Noir,lower 1", {"effect": "lower", "amount": 1.0}
         | {"genres": ["Film-Noir"]}),
        ("gender=M,movie=1,pin 10", {"effect": "pin", "amount": 10.0}
         | {"genders": ["M"], "movie_ids": ["1"]}),
        ("everybody,shown in 30 days,never", {"shown_days": 30}),
        ("everybody,shown in 1 day; genre=Comedy,never", {"shown_days": 1}
         | {"genres": ["Comedy"]}),
    ],
)  # fmt: skip
def test_a_line_means(tmp_path, line, expected):
    (rule,) = read(tmp_path, HEADER + line + "\n")
    assert said(rule) == {"effect": "never"} | expected
    assert rule.line == 2


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("everybody,movie=5", "has 2 fields, not scope, condition, effect"),
        ("everybody,movie=5,hide", "the effect 'hide' is none: write never, only"),
        ("everybody,movie=5,at most many", "the effect 'at most many' is none"),
        ("everybody,genre=Horor,never", "perhaps 'Horror' is meant; there are Comedy"),
        ("age=18-25,any,never", "no age is '18-25', perhaps '18-24' is meant"),
        ("gender=X,any,never", "no gender is 'X'; there are F, M"),
        ("occupation=artst,any,never", "perhaps 'artist' is meant"),
        ("everybody,colour=red,never", "its condition 'colour=red' is not understood"),
        ("colour=red,any,never", "its scope 'colour=red' is not understood"),
        ("everybody,genre=,never", "its condition 'genre=' is not understood"),
        ("everybody,,never", "its condition is '': write any for all"),
        (",any,never", "its scope is '': write everybody for all"),
        ("everybody,any,only", "`only` needs a scope"),
        ("everybody,genre=*,never", "it needs the effect `at most`"),
        ("everybody,any,at most 0", "`at most 0` is `never`"),
        ("everybody,any,raise 0", "has to be above 0 and at most 10"),
        ("everybody,any,raise 11", "has to be above 0 and at most 10"),
        ("everybody,movie=1|2,pin 1", "`pin` needs a condition that is one movie"),
        ("everybody,movie=1; year=1999,pin 1", "a condition that is one movie"),
        ("everybody,movie=1,pin 11", "a list has the places 1 to 10, not 11"),
        ("everybody,movie=1,pin 0", "a list has the places 1 to 10, not 0"),
        ("everybody,shown in 5 days,lower 1", "goes with the effect never"),
        ("everybody,shown in 0 days,never", "at least 1 day"),
        ("everybody,year>1999; year<1990,never", "no number is within its bounds"),
        ("everybody,year=1999; year<2000,never", "'year<2000' says again"),
        ("everybody,movie=1; movie=2,never", "'movie=2' says again"),
    ],
)
def test_a_line_that_means_nothing_is_named(tmp_path, line, message):
    with pytest.raises(CineSparkError) as error:
        read(tmp_path, f"{HEADER}# none of these\n\neverybody,any,lower 1\n{line}\n")
    assert "rules.csv, line 5: " in str(error.value)
    assert message in str(error.value)
    assert "mend the line, or take it out" in str(error.value)


def test_demographics_that_are_off_are_no_scope(tmp_path):
    off = KnownValues(KNOWN.values, 10, with_demographics=False)
    with pytest.raises(CineSparkError, match="line 2: the var `demographics` is false"):
        read(tmp_path, HEADER + "age=18-24,any,never\n", off)
    assert read(tmp_path, HEADER + "user=1,any,never\n", off)


def test_two_movies_for_one_place_are_refused(tmp_path):
    text = HEADER + "everybody,movie=1,pin 1\nuser=3,movie=2,pin 1\n"
    assert len(read(tmp_path, text)) == 2
    with pytest.raises(CineSparkError, match="line 4: line 2 has pinned another"):
        read(tmp_path, text + "everybody,movie=9,pin 1\n")


def test_lines_are_counted_as_an_editor_does(tmp_path):
    text = "\ufeff# of the shop\n" + HEADER + '\n"user=1|\n2",any,never,why\n'
    text += "everybody,any,never\n"
    first, second = read(tmp_path, text)
    assert (first.line, second.line) == (4, 6)
    assert first.user_ids == ["1", "2"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"scope;condition;effect\n", "line 1: the header is 'scope;condition;effect'"),
        (b"# nothing\n", "has no line `scope,condition,effect`"),
        (b"everybody,any,never\n", "line 1: the header is 'everybody,any,never'"),
        (HEADER.encode() + b'"everybody,any,never\n', "line 2: unexpected end of data"),
        (
            HEADER.encode() + b"everybody,genre=Com\xe9die,never\n",
            "line 2: is not UTF-8",
        ),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path, content, message):
    path = tmp_path / "rules.csv"
    path.write_bytes(content)
    with pytest.raises(CineSparkError) as error:
        read_rules(path, KNOWN)
    assert message in str(error.value)


def test_a_missing_file_names_the_var(tmp_path):
    with pytest.raises(CineSparkError, match="name a file in the var `rules`"):
        read_rules(tmp_path / "rules.csv", KNOWN)


def test_a_file_of_a_header_has_no_rules(tmp_path):
    assert read(tmp_path, HEADER) == []
