"""Environments of their own for libraries that the project does not need."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def own_python(name: str) -> Path:
    """Return the Python of an environment, made once from requirements-<name>.txt."""
    folder = ROOT / "var" / name
    needs = ROOT / "benchmarks" / f"requirements-{name}.txt"
    done = folder / "installed.txt"
    if not done.is_file() or done.read_text() != needs.read_text():
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        words = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([folder / "bin/python", *words, "-r", needs], check=True)
        shutil.copy(needs, done)
    return folder / "bin" / "python"
