"""What a printed table says."""


def heading(printed):
    """Return the words of the line that names the columns of a table."""
    return next(line for line in printed.splitlines() if " # " in line).split()
