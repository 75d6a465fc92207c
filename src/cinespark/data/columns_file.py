"""What people say of their files: columns.yml and the options of the command."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cinespark.data.encodings import named
from cinespark.data.known import nearest
from cinespark.data.landing import ALL_HEADERS
from cinespark.data.meanings import MEANINGS
from cinespark.data.records import QUOTES
from cinespark.data.values import UNITS
from cinespark.errors import CineSparkError

NAME = "columns.yml"
DELIMITERS = {
    "comma": ",",
    "semicolon": ";",
    "tab": "\t",
    "pipe": "|",
    "colons": "::",
}


@dataclass(frozen=True)
class Said:
    """What was said of one file; None, or nothing, where it is to be found out.

    `columns` has the name of each meaning's column; `order` the meanings of a file
    without a header, in order, with `""` for what is of no use.
    """

    file: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    delimiter: str | None = None
    encoding: str | None = None
    quotes: str | None = None
    time: str | None = None
    decimal: str | None = None
    genres: str | None = None
    scale: tuple[float, float] | None = None
    ids: str | None = None
    feedback: str | None = None


OF_THE_SET = {"ids": ("int", "bigint", "string"), "feedback": ("explicit", "implicit")}
KEYS = tuple(
    key for key in Said.__dataclass_fields__ if key not in ("order", *OF_THE_SET)
)
FOR_ALL = ("delimiter", "encoding", "quotes", "time", "decimal", *OF_THE_SET)
FILES = tuple(file.removesuffix(".csv") for file in ALL_HEADERS)


def said_by_options(
    encoding: str | None,
    delimiter: str | None,
    time: str | None,
    ids: str | None = None,
    feedback: str | None = None,
) -> Said:
    """Return what the options of the command say of all files.

    Raises
    ------
    CineSparkError
        If an option has no meaning.
    """
    return Said(
        encoding=_encoding(encoding),
        delimiter=delimiter_of(delimiter, "--delimiter"),
        time=time_of(time, "--time"),
        ids=ids,
        feedback=feedback,
    )


def read_columns_file(path: Path | None, options: Said) -> dict[str, Said]:
    """Return what is said of each landing file, by columns.yml and then by options.

    Raises
    ------
    CineSparkError
        If the file cannot be read, or says something that has no meaning.
    """
    written = {} if path is None else _written(path)
    where = str(path)
    _require_keys(written, (*FILES, *FOR_ALL), where)
    for_all = {key: written.pop(key) for key in FOR_ALL if key in written}
    said = {}
    for file in FILES:
        own = written.get(file) or {}
        if not isinstance(own, dict):
            raise CineSparkError(
                f"{where}: {file} is {own!r}: write its keys below it, such as "
                "`columns: {user: NAME}`"
            )
        _require_keys(own, KEYS, f"{where}, {file}")
        said[f"{file}.csv"] = _override(
            _said(for_all | own, f"{file}.csv", f"{where}, {file}"), options
        )
    return said


def _written(path: Path) -> dict[str, Any]:
    import yaml

    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        words = " ".join(str(error).split())
        raise CineSparkError(f"{path} cannot be read as YAML: {words}") from error
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise CineSparkError(
            f"{path} is no list of keys: begin with one of {', '.join(FILES)}"
        )
    return {str(key): value for key, value in found.items()}


def _require_keys(found: Mapping[str, Any], known: Sequence[str], where: str) -> None:
    for key in found:
        if key not in known:
            close = nearest(str(key), list(known))
            hint = f"did you mean {close}? " if close else ""
            raise CineSparkError(
                f"{where}: there is no key {key!r}: {hint}Keys are {', '.join(known)}"
            )


def _override(said: Said, options: Said) -> Said:
    given = {key: getattr(options, key) for key in FOR_ALL}
    return replace(said, **{key: one for key, one in given.items() if one is not None})


def _said(written: Mapping[str, Any], file: str, where: str) -> Said:
    for key in set(written) - {"columns", "scale"}:
        if isinstance(written[key], list | dict):
            raise CineSparkError(
                f"{where}: {key} is {written[key]!r}: it takes one value, no list"
            )
    columns = written.get("columns") or {}
    meanings = MEANINGS[file]
    order: tuple[str, ...] = ()
    if isinstance(columns, list):
        order = tuple("" if one in (None, "-") else str(one) for one in columns)
        _require_keys(dict.fromkeys(filter(None, order)), meanings, f"{where}, columns")
        twice = [one for one in order if one and order.count(one) > 1]
        if twice:
            raise CineSparkError(
                f"{where}: columns has {twice[0]} more than once: write '-' for what "
                "is of no use"
            )
        columns = {}
    elif isinstance(columns, dict):
        _require_keys(columns, meanings, f"{where}, columns")
    else:
        raise CineSparkError(
            f"{where}: columns is {columns!r}: write `{{user: NAME, item: NAME}}`, or "
            "a list where the file has no header"
        )
    return Said(
        file=_text(written, "file"),
        columns={key: str(name) for key, name in columns.items()},
        order=order,
        delimiter=delimiter_of(_text(written, "delimiter"), where),
        encoding=_encoding(_text(written, "encoding")),
        quotes=_one_of(written, "quotes", QUOTES, where),
        time=time_of(_text(written, "time"), where),
        decimal=_one_of(written, "decimal", (",", "."), where),
        genres=_text(written, "genres"),
        scale=_scale(written.get("scale"), where),
        **{key: _one_of(written, key, OF_THE_SET[key], where) for key in OF_THE_SET},
    )


def _text(written: Mapping[str, Any], key: str) -> str | None:
    value = written.get(key)
    return None if value is None else str(value)


def _encoding(value: str | None) -> str | None:
    return None if value is None else named(value)


def _one_of(
    written: Mapping[str, Any], key: str, known: Sequence[str], where: str
) -> str | None:
    value = _text(written, key)
    if value is not None and value not in known:
        raise CineSparkError(
            f"{where}: {key} is {value!r}: it takes one of {' '.join(known)}"
        )
    return value


def delimiter_of(value: str | None, where: str) -> str | None:
    """Return a delimiter, which may be given by its name.

    Raises
    ------
    CineSparkError
        If it is none that is read.
    """
    if value is None:
        return None
    value = DELIMITERS.get(value, "\t" if value == "\\t" else value)
    if value not in DELIMITERS.values():
        raise CineSparkError(
            f"{where}: the delimiter is {value!r}: it takes one of "
            f"{', '.join(DELIMITERS)}"
        )
    return value


def time_of(value: str | None, where: str) -> str | None:
    """Return how times are written.

    Raises
    ------
    CineSparkError
        If it is no way that is read.
    """
    known = (*UNITS, "iso", "none")
    if value is None or value in known or "%" in value:
        return value
    raise CineSparkError(
        f"{where}: time is {value!r}: it takes one of {', '.join(known)}, or a form "
        "such as '%d.%m.%Y %H:%M'"
    )


def _scale(value: Any, where: str) -> tuple[float, float] | None:
    if value is None:
        return None
    try:
        low, high = (float(one) for one in value)
    except (TypeError, ValueError):
        low = high = 0.0
    if not low < high:
        raise CineSparkError(
            f"{where}: scale is {value!r}: write the lowest and the highest rating, "
            "such as [1, 10]"
        )
    return low, high
