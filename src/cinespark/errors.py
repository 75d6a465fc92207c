"""The one exception that users of the package meet."""


class CineSparkError(Exception):
    """An error whose message says what was wrong, with which value, and what to do."""

    hide_traceback = True  # of a Python model: to the adapter, the message is enough
