"""Memory: reserved before, measured after."""

import subprocess
import sys
import threading
import time

import numpy as np
import psutil
import pytest

from cinespark.errors import CineSparkError
from cinespark.train.memory import Ledger, measured, require_memory, reserved

GIB = 2**30


@pytest.fixture
def hold():
    """Return a function that reserves of a ledger of its own, of which 10 are free."""
    ledger, free = Ledger("memory"), [10 * GIB]

    def reserve(gib, what="ease of 9 movies", left=None):
        if left is not None:
            free[0] = left * GIB
        remedy = "set the var `item_item_movies`"
        return reserved(gib * GIB, what, remedy, lambda: free[0], ledger)

    return reserve


def test_what_fits_is_let_through():
    require_memory(2**20, "a MiB", "nothing")


def test_what_does_not_fit_is_refused_with_the_var_to_change():
    total = psutil.virtual_memory().total
    with pytest.raises(CineSparkError) as error:
        require_memory(2 * total, "ease of 9 movies", "set the var `item_item_movies`")
    words = str(error.value)
    assert words.startswith(f"ease of 9 movies needs about {2 * total / GIB:.1f} GiB")
    assert words.endswith("can be used: set the var `item_item_movies`")


def test_a_fifth_of_what_is_free_is_kept_back(hold):
    with hold(7.9):
        pass
    with pytest.raises(CineSparkError, match=r"needs about 8\.1 GiB .* and 8\.0 GiB"):
        hold(8.1).__enter__()


def test_what_another_thread_holds_is_not_free(hold):
    held, done = threading.Event(), threading.Event()

    def other():
        with hold(4, "bayesian_mf"):
            held.set()
            done.wait()

    thread = threading.Thread(target=other)
    thread.start()
    held.wait()
    try:
        with pytest.raises(CineSparkError) as error:
            hold(5).__enter__()
        with hold(4):
            pass
    finally:
        done.set()
        thread.join()
    assert str(error.value) == (
        "ease of 9 movies needs about 5.0 GiB of memory and 4.8 GiB can be used next "
        "to 4.0 GiB for bayesian_mf: run dbt with `--threads 1`, or set the var "
        "`item_item_movies`"
    )
    with hold(5):  # it is given back
        pass


def test_what_is_held_and_used_already_counts_once(hold):
    with hold(4, "bayesian_mf"), hold(4.5, left=6):
        pass


def test_what_somebody_else_has_taken_meanwhile_is_not_free(hold):
    with hold(2), pytest.raises(CineSparkError, match=r"3\.2 GiB can be used"):
        hold(4, left=4).__enter__()


def test_what_failed_gives_its_memory_back(hold):
    with pytest.raises(ZeroDivisionError), hold(7):
        _ = 1 / 0
    with hold(7):
        pass


def test_time_and_memory_are_measured_at_their_peak():
    with measured() as cost:
        block = np.ones(40 * 2**20)  # 320 MiB, gone before the end
        time.sleep(0.3)
        del block
    assert cost.seconds >= 0.3
    assert cost.peak_bytes > 200 * 2**20


def test_other_processes_are_not_counted():
    # while Java starts a program, a child of it is there with all of Java's memory and
    # the name of a thread
    code = "block = bytearray(300 * 2**20); print(len(block), flush=True); input()"
    with measured() as cost:
        child = subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdout.readline() == f"{300 * 2**20}\n"
        time.sleep(0.2)
        child.communicate("\n")
    assert cost.peak_bytes < 50 * 2**20


def test_files_that_are_mapped_are_not_counted(tmp_path):
    np.save(tmp_path / "array.npy", np.ones(40 * 2**20))
    with measured() as cost:
        total = np.load(tmp_path / "array.npy", mmap_mode="r").sum()
        time.sleep(0.2)
    assert total == 40 * 2**20
    assert cost.peak_bytes < 50 * 2**20


def test_what_failed_was_measured_too():
    with pytest.raises(ZeroDivisionError), measured() as cost:
        _ = 1 / 0
    assert cost.seconds > 0
