"""Texts from data and files, made safe to print and to open in a spreadsheet."""

import re

# C0 but tab and line feed, DEL, C1, the characters that turn the direction of what
# follows (https://trojansource.codes), and halves of characters, which UTF-8 lacks
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
FORMULA = r"^([=+\-@\t\r])"  # https://owasp.org/www-community/attacks/CSV_Injection
# of an id: a sign before letters, digits and dashes calls nothing, and has to stay
FORMULA_OF_ID = r"^([=@\t\r]|[+\-].*[^\w\-])"


def printable(text: str) -> str:
    r"""Return a text in which no character commands the terminal.

    Each is written as \u and its four hexadecimal digits, as JSON does.
    """
    return UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def without_formula(text: str) -> str:
    """Return a text with a ' before it if a spreadsheet would run it."""
    return re.sub(FORMULA, r"'\1", text)
