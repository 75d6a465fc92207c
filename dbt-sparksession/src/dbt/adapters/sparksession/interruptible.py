"""Work in Python that ends with Ctrl-C, which reaches the main thread alone."""

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from contextvars import copy_context
from typing import Any, TypeVar

from dbt_common.exceptions import DbtRuntimeError

Result = TypeVar("Result")
running: set["Future[Any]"] = set()


def interruptible(name: str, work: Callable[[], Result]) -> Result:
    """Return what `work` returns, from a thread that the process does not wait for.

    Raises
    ------
    DbtRuntimeError
        If the future in `running` is cancelled meanwhile.
    """
    future: Future[Result] = Future()
    context = copy_context()

    def run() -> None:
        try:
            result = context.run(work)
        except BaseException as error:
            if not future.cancelled():
                future.set_exception(error)
        else:
            if not future.cancelled():
                future.set_result(result)

    running.add(future)
    threading.Thread(target=run, daemon=True).start()
    try:
        return future.result()
    except CancelledError as error:
        raise DbtRuntimeError(f"{name}: cancelled") from error
    finally:
        running.discard(future)
