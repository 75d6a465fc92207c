"""Each native layout becomes the landing layout; results written out by hand."""

import pytest

from cinespark.data.folder import how_read, land
from cinespark.data.pypi_fallback import packed_readings


def convert(source, target):
    land(how_read(source), target)


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "source"
    folder.mkdir()
    return folder


def write_ml_100k(folder):
    (folder / "u.data").write_text("196\t242\t3\t881250949\n186\t302\t5\t891717742\n")
    flags = ["0|0|0|1|1|1" + "|0" * 13, "1" + "|0" * 18, "0" * 1 + "|0" * 7 + "|1" * 11]
    (folder / "u.item").write_bytes(
        (
            f"1|Toy Story (1995)|01-Jan-1995||http://x|{flags[0]}\n"
            f"267|unknown||||{flags[1]}\n"
            f"543|Misérables, Les (1995) |01-Jan-1995||http://x|{flags[2]}\n"
        ).encode("latin-1")
    )
    (folder / "u.user").write_text("1|24|M|technician|85711\n2|53|F|other|V5A1B2\n")


def test_ml_100k(tmp_path, source):
    write_ml_100k(source)
    convert(source, tmp_path)
    assert (tmp_path / "ratings.csv").read_text() == (
        "userId,movieId,rating,timestamp\n196,242,3,881250949\n186,302,5,891717742\n"
    )
    assert (tmp_path / "movies.csv").read_text("utf-8") == (
        "movieId,title,genres\n"
        "1,Toy Story (1995),Animation|Children's|Comedy\n"
        "267,unknown,(no genres listed)\n"
        '543,"Misérables, Les (1995)",Drama|Fantasy|Film-Noir|Horror|Musical|Mystery|'
        "Romance|Sci-Fi|Thriller|War|Western\n"
    )
    assert (tmp_path / "users.csv").read_text() == (
        "userId,age,gender,occupation,zip\n1,24,M,technician,85711\n2,53,F,other,V5A1B2\n"
    )


def test_ml_1m(tmp_path, source):
    (source / "ratings.dat").write_text("1::1193::5::978300760\n")
    (source / "movies.dat").write_bytes(
        "1::Toy Story (1995)::Animation|Children's|Comedy\n"
        "9::Café: Au Lait (1993)::Comedy\n"
        '10::The "Odd" One (1990)::Drama\n'.encode("latin-1")
    )
    (source / "users.dat").write_text("1::F::1::10::48067\n2::M::56::16::70072-1234\n")
    convert(source, tmp_path)
    assert (tmp_path / "ratings.csv").read_text() == (
        "userId,movieId,rating,timestamp\n1,1193,5,978300760\n"
    )
    assert (tmp_path / "movies.csv").read_text("utf-8") == (
        "movieId,title,genres\n"
        "1,Toy Story (1995),Animation|Children's|Comedy\n"
        "9,Café: Au Lait (1993),Comedy\n"
        '10,"The ""Odd"" One (1990)",Drama\n'
    )
    assert (tmp_path / "users.csv").read_text() == (
        "userId,age,gender,occupation,zip\n"
        "1,1,F,K-12 student,48067\n"
        "2,56,M,self-employed,70072-1234\n"
    )


def test_packed_ml_100k(tmp_path, source):
    (source / "ml-100k.inter").write_text(
        "user_id:token\titem_id:token\trating:float\ttimestamp:float\n"
        "196\t242\t3\t881250949\n"
    )
    (source / "ml-100k.item").write_text(
        "item_id:token\tmovie_title:token_seq\trelease_year:token\tclass:token_seq\n"
        "1\tToy Story\t1995\tAnimation Children's Comedy\n"
        "13\tUsual Suspects, The\t1995\tCrime Thriller\n"
        "267\tunkonwn\tunkonwn\tunknown\n"
        "1373\tGood Morning\t1971\tunknown\n"
        "1412\tLand Before Time III: The Time of the Great Giving (1995)\tV"
        "\tAnimation\n",
        "utf-8",
    )
    (source / "ml-100k.user").write_text(
        "user_id:token\tage:token\tgender:token\toccupation:token\tzip_code:token\n"
        "1\t24\tM\ttechnician\t85711\n"
    )
    land(packed_readings(source), tmp_path)
    assert (tmp_path / "ratings.csv").read_text() == (
        "userId,movieId,rating,timestamp\n196,242,3,881250949\n"
    )
    assert (tmp_path / "movies.csv").read_text("utf-8") == (
        "movieId,title,genres\n"
        "1,Toy Story (1995),Animation|Children's|Comedy\n"
        '13,"Usual Suspects, The (1995)",Crime|Thriller\n'
        "267,unknown,(no genres listed)\n"
        "1373,Good Morning (1971),(no genres listed)\n"
        "1412,Land Before Time III: The Time of the Great Giving (1995),Animation\n"
    )
    assert (tmp_path / "users.csv").read_text() == (
        "userId,age,gender,occupation,zip\n1,24,M,technician,85711\n"
    )


@pytest.mark.parametrize(
    ("line", "count"), [("1\t2\t3", 3), ("1|Short|0", 1), ("x" * 500, 1)]
)
def test_a_line_that_cannot_be_read_lands_with_its_reason(
    tmp_path, source, line, count
):
    write_ml_100k(source)
    (source / "u.data").write_text(f"1\t2\t3\t4\n{line}\n")
    convert(source, tmp_path)
    landed = (tmp_path / "ratings.csv").read_text().splitlines()
    assert landed[1:] == ["1,2,3,4", f"!4 fields expected, {count} found\t{line}"]


def test_a_user_of_an_unknown_occupation_lands_with_that_reason(tmp_path, source):
    (source / "ratings.dat").write_text("1::1193::5::978300760\n")
    (source / "movies.dat").write_text("1::Toy Story (1995)::Animation\n")
    (source / "users.dat").write_text("1::F::1::99::48067\n")
    convert(source, tmp_path)
    landed = (tmp_path / "users.csv").read_text().splitlines()
    assert landed[1] == "!occupation '99' is none of ml-1m\t1::F::1::99::48067"
