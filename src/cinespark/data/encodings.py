"""Which encoding a file has, by its first bytes: recognised, never guessed on."""

import codecs

from cinespark.data.foreign import require_text
from cinespark.data.parts import Part, opened
from cinespark.errors import CineSparkError

HEAD_BYTES = 1 << 18
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def head_of(part: Part) -> bytes:
    """Return the first bytes of a part."""
    with opened(part) as stream:
        return stream.read(HEAD_BYTES)


def encoding_of(head: bytes, asked: str | None, where: str) -> str:
    """Return the encoding to read with: UTF-8, or what was asked for.

    Raises
    ------
    CineSparkError
        If it is no text, or something else than was asked for; the error names it.
    """
    require_text(head, where)
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    found = _by_mark(head)
    if asked is not None:
        _require_fit(head, named(asked), found, where)
        return named(asked)
    if found is None:
        try:
            codecs.getincrementaldecoder("utf-8")().decode(head)
        except UnicodeDecodeError as error:
            line = head[: error.start].count(b"\n") + 1
            raise not_utf8(where, line, head[error.start]) from error
        return "utf-8"
    label = found.upper().removesuffix("-LE").removesuffix("-BE")
    raise CineSparkError(
        f"{where} is not UTF-8: line 1 begins as {label} does; read it as that with "
        f"`--encoding {found}`, or save the file as UTF-8"
    )


def _require_fit(head: bytes, asked: str, found: str | None, where: str) -> None:
    """Raise if texts cannot be of the encoding that was asked for."""
    is_wide = asked.startswith(("utf-16", "utf-32"))
    if asked == "utf-8-sig" or (is_wide and found is not None):
        return
    line = 1
    if not is_wide and found is None:
        # other encodings hardly ever make whole characters of UTF-8
        try:
            text = codecs.getincrementaldecoder("utf-8")().decode(head)
        except UnicodeDecodeError:
            return
        odd = next((place for place, one in enumerate(text) if one > "\x7f"), None)
        if odd is None:
            return
        found, line = "utf-8", text[:odd].count("\n") + 1
    raise CineSparkError(
        f"{where} is {(found or 'utf-8').upper()} (line {line}), and {asked} was asked "
        "for: name each file's encoding in columns.yml, such as "
        f"`movies: {{encoding: {asked}}}`, or save it as UTF-8"
    )


def _by_mark(head: bytes) -> str | None:
    for mark, encoding in BOMS[1:]:
        if head.startswith(mark):
            return encoding
    pairs = head[:200]
    if len(pairs) >= 4 and pairs[1::2].count(0) > 0.8 * len(pairs[1::2]):
        return "utf-16-le"
    if len(pairs) >= 4 and pairs[::2].count(0) > 0.8 * len(pairs[::2]):
        return "utf-16-be"
    return None


def not_utf8(where: str, line: int, byte: int) -> CineSparkError:
    """Return the error of a byte that UTF-8 does not have there."""
    return CineSparkError(
        f"{where} is not UTF-8: line {line} holds the byte 0x{byte:02x}, as in "
        "Latin-1; read it as that with `--encoding latin-1`, or save the file as UTF-8 "
        "(iconv -f LATIN1 -t UTF-8)"
    )


def named(encoding: str) -> str:
    """Return Python's name of an encoding.

    Raises
    ------
    CineSparkError
        If there is none of that name, or it is no encoding of texts.
    """
    try:
        "a".encode(encoding)
        b"a".decode(encoding, "replace")
        name = codecs.lookup(encoding).name
    except (LookupError, UnicodeError) as error:
        raise CineSparkError(
            f"there is no encoding {encoding!r}: take utf-8, latin-1, cp1252, utf-16 "
            "or another that Python knows"
        ) from error
    return "utf-8-sig" if name == "utf-8" else name


def is_utf8(part: Part) -> bool:
    """Return whether a whole file is UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with opened(part) as stream:
        try:
            while block := stream.read(1 << 20):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
