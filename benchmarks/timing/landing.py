"""Landing files that need no conversion, next to `sha256sum` and `cp`, as a table."""

import os
import shlex
import tempfile
from dataclasses import asdict
from pathlib import Path
from statistics import median

from timing.builds import Plan, say
from timing.processes import Cost, run
from timing.sheets import Sheet, in_gib, ratio, spread
from timing.sizes import SIZES, made
from timing.state import BIN, FILES, ROOT

MIB = 2**20
WAYS = ("sha256sum and cp", "cinespark data")


def landing(size: str, plan: Plan) -> tuple[Sheet, dict]:
    """Return what it takes to land a folder of a size, in turns with the bare copy.

    The files are in the landing layout; each way is tried once before anything counts,
    so that both find them in the cache of the system.
    """
    data, _ = made(size, plan.work / "data")
    files = [data / name for name in ("ratings.csv", *FILES) if (data / name).is_file()]
    found: dict[str, list[Cost]] = {way: [] for way in WAYS}
    for number in range(plan.runs + 1):
        for way in WAYS:
            with tempfile.TemporaryDirectory(
                dir=plan.work, prefix="landing-"
            ) as made_in:
                cost = landed(way, files, Path(made_in))
            if number:
                found[way].append(cost)
                say(size, f"{way} {number}: {cost.seconds:.1f} s")
    middle = {way: median(one.seconds for one in costs) for way, costs in found.items()}
    rows = [
        [
            way,
            spread([one.seconds for one in costs]),
            ratio(middle[way], middle[WAYS[0]]),
            f"{max(one.peak_bytes for one in costs) / MIB:,.0f}",
        ]
        for way, costs in found.items()
    ]
    total = sum(file.stat().st_size for file in files)
    title = f"Landing {SIZES[size].ratings:,} ratings, {in_gib(total)} GiB"
    columns = ["by", "seconds", f"/ {WAYS[0]}", "peak MiB"]
    runs = {way: [asdict(one) for one in costs] for way, costs in found.items()}
    return Sheet(title, columns, rows), runs


def landed(way: str, files: list[Path], folder: Path) -> Cost:
    """Land files in a new state folder, or sum and copy them there."""
    delivery = folder / "delivery"
    delivery.mkdir()
    for file in files:
        (delivery / file.name).symlink_to(file.resolve())
    if way == WAYS[0]:
        names = " ".join(shlex.quote(str(delivery / file.name)) for file in files)
        copy = shlex.quote(str(folder / "copy"))
        command = [
            "sh",
            "-c",
            f"mkdir {copy} && sha256sum {names} && cp {names} {copy}",
        ]
    else:
        command = [BIN / "cinespark", "--state-dir", folder / "var", "data", delivery]
    return run(command, folder / "output.log", ROOT, os.environ)
