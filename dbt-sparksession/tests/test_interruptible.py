import threading

import pytest
from dbt_common.exceptions import DbtRuntimeError

from dbt.adapters.sparksession.interruptible import interruptible, running


def test_results_and_errors_are_those_of_the_work():
    assert interruptible("adding", lambda: 1 + 2) == 3
    with pytest.raises(ZeroDivisionError):
        interruptible("dividing", lambda: 1 // 0)
    assert not running


def test_work_that_goes_on_is_not_waited_for():
    begun, end, said = threading.Event(), threading.Event(), []

    def work():
        begun.set()
        end.wait()

    def wait():
        with pytest.raises(DbtRuntimeError, match="reading: cancelled") as caught:
            interruptible("reading", work)
        said.append(caught.value.msg)

    waiting = threading.Thread(target=wait)
    waiting.start()
    begun.wait()
    for future in list(running):
        future.cancel()
    waiting.join(timeout=5)
    assert said == ["reading: cancelled"]  # while the work is not done
    end.set()
    assert not running
