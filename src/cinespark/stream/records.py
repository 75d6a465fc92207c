"""What each record of the topic says, and why it breaks the contract if it does.

Everything is an expression of Spark SQL that gives null where it cannot read something,
so no record can end the query, in ANSI mode neither. What a data set asks for, as ids
that are numbers or a scale of ratings, is judged where the data set is known: in dbt.
"""

from pyspark.sql import DataFrame

from cinespark.topic.contract import LARGEST, LATEST, LONGEST

SHOWN = 80  # characters of a value in a reason

IDS = ("user_id", "movie_id")
ID_FAULT = "is neither a text nor a whole number of 64 bits"
TIME_FAULT = "is neither whole seconds since 1970 nor a time as 2026-01-31T12:00:00Z"
# from \ud800 to \udfff, what is no first and second half of a pair
HALF = r"(?i)\\\\ud[89ab]..(?!\\\\ud[c-f])|(?<!\\\\ud[89ab][0-9a-f]{2})\\\\ud[c-f]"
RFC_3339 = (
    r"^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})$"
)

CAME = (
    "topic",
    "partition",
    "offset",
    "timestamp as sent_at",
    "key as raw_key",
    "value as raw_value",
    "octet_length(value) as size",
)
# Each step reads the columns of those before it. A variant is read as the type that it
# has, since another one costs Spark an expression for each value.
STEPS: tuple[dict[str, str], ...] = (
    {
        "text": f"""case
            when size <= {LARGEST} and is_valid_utf8(cast(raw_value as string))
                then cast(raw_value as string)
        end""",
        "seal": "md5(raw_value)",
    },
    # Spark's parser does not mind what follows a whole value, unless it is inside an
    # array: a text that closes the array by itself cannot go on with its own MD5 sum
    {"sealed": """concat('[', text, ',"', seal, '"]')"""},
    {"pair": "try_parse_json(sealed)"},
    {"is_whole": "coalesce(try_variant_get(pair, '$[1]', 'string') = seal, false)"},
    {
        f"{name}_given": f"""case
            when is_whole then try_variant_get(pair, '$[0].{name}', 'variant')
        end"""
        for name in (*IDS, "rating", "rated_at", "event_id")
    },
    {
        f"{name}_type": f"schema_of_variant({name}_given)"
        for name in (*IDS, "rating", "rated_at", "event_id")
    },
    {
        **{
            name: f"""case {name}_type
                when 'STRING' then try_variant_get({name}_given, '$', 'string')
                when 'BIGINT' then
                    cast(try_variant_get({name}_given, '$', 'bigint') as string)
            end"""
            for name in IDS
        },
        "any_rating": """case
            when rating_type = 'BIGINT'
                then cast(try_variant_get(rating_given, '$', 'bigint') as double)
            when rating_type = 'DECIMAL(2,1)'
                then cast(try_variant_get(rating_given, '$', 'decimal(2,1)') as double)
            when rating_type = 'DOUBLE' or rating_type like 'DECIMAL%'
                then try_variant_get(rating_given, '$', 'double')
        end""",
        "seconds": """case
            when rated_at_type = 'BIGINT'
                then try_variant_get(rated_at_given, '$', 'bigint')
        end""",
        "time_text": """case
            when rated_at_type = 'STRING'
                then try_variant_get(rated_at_given, '$', 'string')
        end""",
        "event_id": """case
            when event_id_type = 'STRING'
                then try_variant_get(event_id_given, '$', 'string')
        end""",
    },
    {
        "rating": "case when abs(any_rating) < double('Infinity') then any_rating end",
        "any_time": f"""case
            when seconds between 0 and {LATEST} then timestamp_seconds(seconds)
            when time_text rlike '{RFC_3339}' then try_cast(time_text as timestamp)
        end""",
    },
    {
        "rated_at": f"""case
            when any_time between timestamp_seconds(0) and timestamp_seconds({LATEST})
                then any_time
        end"""
    },
)


def rows_of(records: DataFrame) -> DataFrame:
    """Return the rows of the table for records of Spark's Kafka source.

    All of them but `ingested_at`, which is another one in each batch.
    """
    rows = records.selectExpr(*CAME)
    for columns in STEPS:
        given = (f"{expression} as {name}" for name, expression in columns.items())
        rows = rows.selectExpr("*", *given)
    return rows.selectExpr(
        *("topic", "partition", "offset", "sent_at"),
        *("raw_key", "raw_value", "user_id", "movie_id", "rating", "rated_at"),
        "event_id",
        f"{reason()} as reason",
    )


def reason() -> str:
    """Return the expression of why a record breaks the contract, null if it does not.

    A value stands in single quotes after what it is of, as in the reasons of lines.
    """
    branches = [
        *_reasons_of_value(),
        *(branch for name in IDS for branch in _reasons_of_id(name)),
        *_absent("rating"),
        f"when any_rating is null then {_said('rating', 'is not a number')}",
        "when rating is null then 'rating is not a finite number'",
        *_absent("rated_at"),
        "when any_time is null and seconds is null then "
        + _said("rated_at", TIME_FAULT),
        f"when rated_at is null then {_said('rated_at', 'is outside 1970 to 2099')}",
        "when rated_at > sent_at + interval 1 day then "
        + _said("rated_at", "is more than a day after the record was sent"),
        "when event_id_type != 'STRING' then " + _said("event_id", "is not a text"),
        *_wrong_length("event_id"),
    ]
    return "case " + " ".join(branches) + " end"


def _reasons_of_value() -> list[str]:
    of_text = f"concat('the value \\'', left(text, {SHOWN}), '\\' "
    lenient = "from_json(sealed, 'array<string>', map({}))".format(
        "'allowSingleQuotes', 'false', 'allowNonNumericNumbers', 'false'"
    )
    types = ", ".join(f"{name}_type" for name in (*IDS, "rating", "rated_at"))
    return [
        "when raw_value is null then 'no value (a tombstone)'",
        f"when size > {LARGEST} then 'the value has more than {LARGEST} bytes'",
        "when text is null then 'the value is not UTF-8'",
        r"when text rlike '^\\s*$' then 'the value is empty'",
        "when not is_whole and coalesce(pair, try_parse_json(text)) is not null then "
        f"{of_text}has more after its end')",
        f"when not is_whole and {lenient} is not null then "
        f"{of_text}has a field twice')",
        f"when not is_whole then {of_text}is not JSON')",
        f"when coalesce({types}) is null and schema_of_variant(try_variant_get(pair, "
        f"'$[0]', 'variant')) not like 'OBJECT<%' then {of_text}is not an object')",
    ]


def _reasons_of_id(name: str) -> list[str]:
    return [
        *_absent(name),
        f"when {name} is null then {_said(name, ID_FAULT)}",
        *_wrong_length(name),
    ]


def _absent(name: str) -> list[str]:
    return [
        f"when {name}_type is null then 'no {name}'",
        f"when {name}_type = 'VOID' then '{name} is null'",
    ]


def _wrong_length(name: str) -> list[str]:
    return [
        # Spark reads half of a pair as a question mark: another id than was sent
        f"when {name} like '%?%' and text rlike '{HALF}' then "
        f"'{name} has half of a character'",
        f"when {name} = '' then '{name} is empty'",
        f"when length({name}) > {LONGEST} then "
        f"'{name} has more than {LONGEST} characters'",
    ]


def _said(name: str, fault: str) -> str:
    """Return the expression of a field, its value as it came, and what it is not."""
    value = f"left(to_json({name}_given), {SHOWN})"
    return f"concat('{name} \\'', {value}, '\\' {fault}')"
