"""The one exception a user of the package meets."""


class CineSparkError(Exception):
    """What was wrong, with which value, in which file, and the way out."""

    hide_traceback = True  # of a Python model: to the adapter, the message is enough
