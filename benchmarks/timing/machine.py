"""What machine measures, and whether it was quiet."""

import platform
import subprocess
from importlib.metadata import version

import psutil

from dbt.adapters.sparksession.limits import cores, memory_limit
from dbt.adapters.sparksession.machine import find_java

PACKAGES = ("dbt-core", "pyspark", "numpy", "mlflow", "great-expectations")
# of the cores, which others used in a second of looking
BUSY = 0.1
GIB = 2**30


def machine() -> dict[str, object]:
    """Return what figures depend on."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True
    )
    return {
        "commit": commit.stdout.strip() or "unknown",
        "system": platform.platform(),
        "processor": processor(),
        "cores": cores(),
        "memory_gib": round(memory_limit() / GIB, 1),
        "java": find_java().found,
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
    }


def processor() -> str:
    """Return the processor's name as Linux knows it."""
    with open("/proc/cpuinfo", encoding="utf-8") as lines:  # noqa: PTH123
        names = (
            line.split(":", 1)[1] for line in lines if line.startswith("model name")
        )
        return next(names, platform.machine()).strip()


def load() -> dict[str, float]:
    """Return how busy the machine is now: the share of a second, and Linux's load."""
    busy = psutil.cpu_percent(interval=1) / 100
    return {
        "busy_share": round(busy, 3),
        "load_1_min": round(psutil.getloadavg()[0], 2),
    }


def warning(now: dict[str, float]) -> str | None:
    """Return why figures are not to be trusted, if others are at work."""
    if now["busy_share"] <= BUSY:
        return None
    return (
        f"the machine is not quiet: {now['busy_share']:.0%} of its cores are in use, "
        f"the load is {now['load_1_min']}; ratios hold better than seconds, but none "
        "of these figures is sure"
    )
