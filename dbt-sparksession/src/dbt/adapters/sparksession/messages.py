"""Errors of Spark, Java and Python workers in words for people."""

import difflib
import re
from collections.abc import Iterator
from pathlib import Path

from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException

_QUERY_PLAN = re.compile(r";\n(?='?[A-Z]\w+)")  # Spark appends it to its messages
_JAVA_FRAME = re.compile(r"^\s+at .*\(.*\)$|^\s*\.\.\. \d+ more$|^Driver stacktrace:$")
_JAVA_CLASS = re.compile(r"\b(?:(?:com|java|javax|org|scala|py4j)\.)[\w.$]+: ?")
_ABOUT_OTHERS = re.compile(
    r"^(Job aborted|Writing job aborted|Exception thrown in|Connection reset)"
)
_ERROR_CLASS = re.compile(r"^\[[A-Z_.]+\] ")
_WORKER = "Traceback (most recent call last):\n"
_FRAME = re.compile(r'(?m)^  File "(.*)", line \d+.*\n(?:    .*\n)*')
# advice that is not for a model's author
_ADVICE = re.compile(
    r" Consider setting 'spark\.sql\.execution\.pyspark.*? Python traceback\."
    r'| If necessary set "spark\.sql\.ansi\.enabled" to "false" to bypass this error\.'
    r"|\nIf you did not qualify the name with a schema.*"
    r"|\nTo tolerate the error on drop use DROP VIEW [A-Z ]+ TABLE IF EXISTS\."
)
_STATEMENT = re.compile(r"\n\n== SQL ==\n(?:.*\n)*?(?=.*\n-*\^\^\^)")
_LINE = re.compile(
    r"\(line (?P<parsed>\d+), pos \d+\)|; line (?P<analyzed>\d+) pos \d+$"
    r"|== SQL \(line (?P<run>\d+), position \d+\) =="
)


def message_of(error: BaseException) -> str:
    """Return what an error says, without stack traces and names of Java's classes."""
    if isinstance(error, Py4JJavaError):
        text = _of_java(error)
    elif isinstance(error, PySparkException):
        text = str(error).split("\n\nJVM stacktrace:")[0]
    else:
        return str(error) or type(error).__name__
    if _WORKER in text:
        return _of_worker(text.rpartition(_WORKER)[2])
    return plain(text)


def plain(text: str) -> str:
    """Return a message of Spark without its plan, statement, and advice for others."""
    text = _ADVICE.sub("", _JAVA_CLASS.sub("", _QUERY_PLAN.split(text)[0]))
    lines = [line for line in text.splitlines() if not _JAVA_FRAME.match(line)]
    return _STATEMENT.sub("\n", "\n".join(lines)).strip()


def _of_java(error: Py4JJavaError) -> str:
    """Return the first message that is about the matter, and the last, if it adds."""
    texts = [text for text in _chain(error) if not _ABOUT_OTHERS.match(text)]
    if not texts:
        return "Java failed without a message: see Spark's log, spark.log"
    first, last = texts[0], texts[-1]
    return first if _ERROR_CLASS.match(first) or last in first else f"{first} ({last})"


def _chain(error: Py4JJavaError) -> Iterator[str]:
    cause = error.java_exception
    while cause is not None:
        if text := cause.getMessage():
            yield str(text)
        cause = cause.getCause()


def _of_worker(trace: str) -> str:
    """Return the lines of a user's own code, and the error, of a worker's traceback."""
    own = [
        frame.group()
        for frame in _FRAME.finditer(trace)
        if "/site-packages/" not in frame[1] and "/pyspark.zip/" not in frame[1]
    ]
    error = _FRAME.sub("", trace).strip()
    return "".join(own) + re.sub(r"^(\w+\.)+(?=\w+: )", "", error)


def at_model_line(text: str, sql: str, model: Path | None) -> str:
    """Say where in a model's file Spark found an error, not where in its statement.

    The statement has a head and rendered Jinja; the lines that it shares with the file
    tell where the others come from. A place that they do not tell stays as it is.
    """
    found = _LINE.search(text)
    if found is None or model is None:
        return text
    number = int(next(filter(None, found.groups())))
    line = _line_in_file(
        [one.strip() for one in sql.splitlines()],
        [one.strip() for one in model.read_text("utf-8").splitlines()],
        number - 1,
    )
    if line is None:
        return text
    place = f"{model.name}, line {line + 1}"
    place = f"== {place} ==" if found["run"] else f" ({place})"
    return f"{text[: found.start()]}{place}{text[found.end() :]}".replace("  (", " (")


def _line_in_file(sql: list[str], file: list[str], number: int) -> int | None:
    """Return the line of a file that a line of a statement was made from."""
    blocks = difflib.SequenceMatcher(None, sql, file, autojunk=False).get_opcodes()
    shared = any(tag == "equal" and any(sql[i:j]) for tag, i, j, _, _ in blocks)
    for tag, start, end, first, last in blocks:
        is_as_long = tag == "equal" or (shared and end - start == last - first)
        if start <= number < end and is_as_long:
            return first + number - start
    close = difflib.get_close_matches(sql[number], file, 1) if number < len(sql) else []
    return file.index(close[0]) if close else None
