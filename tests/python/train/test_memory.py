"""Memory: asked for before, measured after."""

import time

import numpy as np
import psutil
import pytest

from cinespark.errors import CineSparkError
from cinespark.train.memory import measured, require_memory, resident_bytes


def test_what_fits_is_let_through():
    require_memory(2**20, "a MiB", "nothing")


def test_what_does_not_fit_is_refused_with_the_var_to_change():
    total = psutil.virtual_memory().total
    with pytest.raises(CineSparkError) as error:
        require_memory(2 * total, "ease of 9 movies", "set the var `item_item_movies`")
    words = str(error.value)
    assert words.startswith(f"ease of 9 movies needs about {2 * total / 2**30:.1f} GiB")
    assert words.endswith("can be used: set the var `item_item_movies`")


def test_time_and_memory_are_measured_at_their_peak():
    with measured() as cost:
        block = np.ones(40 * 2**20)  # 320 MiB, gone before the end
        time.sleep(0.3)
        del block
    assert cost.seconds >= 0.3
    assert cost.peak_bytes > 200 * 2**20


def test_the_heap_of_the_jvm_is_not_counted(monkeypatch):
    class Child:
        def __init__(self, name):
            self.name = lambda: name

        def memory_info(self):
            return psutil.Process().memory_info()

    def children(names):
        monkeypatch.setattr(psutil.Process, "children", lambda *_, **__: names)
        return resident_bytes()

    alone = children([])
    assert children([Child("java")]) == pytest.approx(alone, rel=0.1)
    assert children([Child("java"), Child("python3")]) > 1.8 * alone


def test_what_failed_was_measured_too():
    with pytest.raises(ZeroDivisionError), measured() as cost:
        _ = 1 / 0
    assert cost.seconds > 0
