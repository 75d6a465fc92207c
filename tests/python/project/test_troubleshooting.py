"""The page of troubleshooting quotes messages that are in the code, word by word."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "troubleshooting.md"
GAP = "…"


def texts_of_python(source):
    """Return each string of a module, with GAP where a value is put in."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant) else GAP
                for part in node.values
            )


def texts_of_jinja(source):
    """Return the message of each compiler error, with GAP for what is not quoted."""
    for call in re.findall(r"raise_compiler_error\((.*?)\)\s*\}\}", source, re.DOTALL):
        parts = re.findall(r'"((?:[^"\\]|\\.)*)"|([^~"]+)', call)
        yield "".join(text or (GAP if other.strip() else "") for text, other in parts)


def messages():
    """Return every string that the code may say."""
    found = []
    for folder in ("src", "dbt-sparksession", "macros"):
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix == ".py":
                found += texts_of_python(file.read_text("utf-8"))
            elif file.suffix == ".sql":
                found += texts_of_jinja(file.read_text("utf-8"))
    return found


def quoted():
    """Return what the page's tables quote as messages."""
    lines = PAGE.read_text("utf-8").splitlines()
    cells = [line.split("|")[1].strip() for line in lines if line.startswith("| `")]
    return [cell.strip("`") for cell in cells]


def fixed_words(message):
    return [part.strip() for part in message.split(GAP) if part.strip(" ,:;()")]


def is_said(message, texts):
    """Return whether one text holds all fixed words of a message, in their order."""
    words = ".*".join(map(re.escape, fixed_words(message)))
    pattern = re.compile(words, re.DOTALL)
    return any(pattern.search(text) for text in texts)


def test_every_message_that_is_quoted_is_in_the_code():
    texts = messages()
    lost = [message for message in quoted() if not is_said(message, texts)]
    assert lost == []


def test_a_quoted_message_has_words_enough_to_be_told_from_others():
    quotes = quoted()
    assert len(quotes) > 40
    assert len(set(quotes)) == len(quotes)
    assert min(len(" ".join(fixed_words(message))) for message in quotes) >= 10


def test_a_message_that_nobody_says_is_found():
    texts = ["user … has no recommendations in version …"]
    assert is_said("user … has no recommendations in …", texts)
    assert not is_said("user … has no lists in …", texts)
    assert not is_said("in version … has no recommendations", texts)


def test_messages_of_macros_are_read_with_their_gaps():
    source = """{{ exceptions.raise_compiler_error(
        "no data in " ~ var('data_dir') ~ ", which " ~ unique_id
        ~ " needs: run `cinespark data ml-100k` first (or give it another"
        ~ " name)"
    ) }}"""
    (text,) = texts_of_jinja(source)
    assert text.endswith(
        "needs: run `cinespark data ml-100k` first (or give it another name)"
    )
    assert is_said("no data in …, which … needs: run", [text])
