"""Cases of the corpus: the genome of MovieLens, asked for or not."""

import gzip

from corpus_case import RATINGS, TEXTS, Case, built_with, rated, said, zipped

SCORES = "movieId,tagId,relevance\r\n1,1,0.025000000000000022\r\n1,2,0.5\r\n"
TAGS = "tagId,tag\r\n1,007\r\n2,based on a book\r\n"
WITH_TAGS = rated(
    RATINGS,
    **{
        "tags.csv": "userId,movieId,tag,timestamp\n1,1,classic,964982703\n",
        "links.csv": "movieId,imdbId,tmdbId\n1,0113277,949\n",
    },
)
MOVIELENS = WITH_TAGS | {"genome-scores.csv": SCORES, "genome-tags.csv": TAGS}
LANDED = {
    "genome-scores.csv": ["1,1,0.025000000000000022", "1,2,0.5"],
    "genome-tags.csv": ["1,007", "2,based on a book"],
}
GENOME = built_with(genome="true")
LEFT = "the genome scores are left where they are: --genome lands them, too"

CASES = [
    Case(
        "MovieLens 20M and 25M",
        MOVIELENS,
        {"tags.csv": ["1,1,classic,964982703"], "links.csv": ["1,0113277,949"]},
        [LEFT],
        is_copied=True,
    ),
    Case(
        "MovieLens 20M and 25M, with the genome",
        MOVIELENS,
        LANDED | {"tags.csv": ["1,1,classic,964982703"], "users.csv": []},
        [GENOME],
        is_copied=True,
        with_genome=True,
    ),
    Case(
        "the same zipped, in the archive's folder",
        {"ml-25m.zip": zipped({f"ml-25m/{one}": MOVIELENS[one] for one in MOVIELENS})},
        LANDED,
        [GENOME],
        brought="ml-25m.zip",
        with_genome=True,
    ),
    Case(
        "a genome by its other name, packed, its columns in another order",
        rated(
            RATINGS,
            **{
                "genome_scores.csv.gz": gzip.compress(
                    b"relevance;tag_id;item;by\n0,25;1.0;1;x\n1,5;2;2;y\n;3\n"
                ),
                "genome_tags.tsv": 'tag\ttagId\n"so ""so"""\t1\n',
            },
        ),
        {
            "genome-scores.csv": [
                "1,1,0.25",
                "2,2,1.5",
                "!4 fields expected, 2 found\t;3",
            ],
            "genome-tags.csv": ['1,"so ""so"""'],
        },
        ["genome-scores.csv: ignored: by", GENOME],
        with_genome=True,
    ),
    Case(
        "a genome of movies whose ids are texts",
        {
            "ratings.csv": "userId,movieId,rating,timestamp\nann,tt1,4.0,964982703\n",
            "movies.csv": "movieId,title,genres\ntt1,Heat (1995),Crime\n",
            "genome-scores.csv": "movieId,tagId,relevance\ntt1,1,1\n 007 ,1,0\n",
            "genome-tags.csv": "tagId,tag\n1,classic\n",
        },
        {"genome-scores.csv": ["tt1,1,1", "007,1,0"]},
        [TEXTS.replace("}", ", genome: true}")],
        with_genome=True,
    ),
    Case(
        "a genome of files that columns.yml names",
        said(
            "genome-scores: {file: s.csv, columns: [item, tag_id, relevance]}\n"
            "genome-tags: {file: t.csv, columns: {tag: words}}\n",
            RATINGS,
            **{"s.csv": "1,1,0.5\n", "t.csv": "tagId,words\n1,classic\n"},
        ),
        {"genome-scores.csv": ["1,1,0.5"], "genome-tags.csv": ["1,classic"]},
        [GENOME],
        with_genome=True,
    ),
    Case(
        "no genome, and it is asked for",
        WITH_TAGS,
        error="{folder} holds no genome-scores.csv and no genome-tags.csv, which "
        "--genome asks for: put both there, or leave out --genome",
        with_genome=True,
    ),
    Case(
        "scores without tags, and the genome is asked for",
        WITH_TAGS | {"genome_scores.csv": SCORES},
        error="{folder} holds genome_scores.csv but no genome-tags.csv, and one says "
        "nothing without the other: put both there, or leave out --genome",
        with_genome=True,
    ),
    Case(
        "scores without tags, and nobody asks for the genome",
        WITH_TAGS | {"genome-scores.csv": SCORES},
        {"tags.csv": ["1,1,classic,964982703"]},
    ),
    Case(
        "a genome whose scores have no relevance",
        MOVIELENS | {"genome-scores.csv": "movieId,tagId\n1,1\n"},
        error="{folder}/genome-scores.csv has no column of the relevance (its header "
        "has movieId, tagId), such as relevance: name it in columns.yml beside the "
        "data: `genome-scores: {columns: {relevance: NAME}}`",
        with_genome=True,
    ),
    Case(
        "a genome whose tags are an empty file",
        MOVIELENS | {"genome-tags.csv": ""},
        error="{folder}/genome-tags.csv is empty (0 bytes): it needs at least the "
        "header tagId,tag, or leave out --genome",
        with_genome=True,
    ),
]
