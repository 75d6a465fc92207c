"""A process that folds until it is killed: `python fold_in_process.py STATE TOPIC`."""

import sys
from pathlib import Path
from threading import Event

from cinespark.stream import fold
from cinespark.stream.keep_folding import keep_folding

if __name__ == "__main__":
    state = Path(sys.argv[1])
    fold.MOST_ROWS = 40  # many transactions
    print("begun", flush=True)
    keep_folding(
        state / "exports",
        state,
        sys.argv[2],
        Event(),
        lambda folded: print(folded, flush=True),
    )
