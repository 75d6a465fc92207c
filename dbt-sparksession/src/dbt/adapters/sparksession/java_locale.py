"""The locale that Java needs to name files with letters of any language."""

import locale


def java_locale() -> dict[str, str]:
    """Return the environment variable to set, where the locale is not one of UTF-8.

    Python reads and writes UTF-8 without; Java takes the names of files by the locale:
    https://openjdk.org/jeps/400
    """
    if locale.getencoding().lower().replace("-", "") == "utf8":
        return {}
    return {"LC_ALL": "C.UTF-8"}
