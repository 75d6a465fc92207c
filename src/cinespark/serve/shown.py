"""The log of what was shown to whom, where somebody has asked for one."""

import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from cinespark.serve.answer_parts import Answer
from cinespark.serve.incoming import Incoming
from cinespark.serve.opened import Opened
from cinespark.serve.other_answers import dataset_of

log = logging.getLogger("cinespark.serve")


def with_request_id(answer: Answer, opened: Opened, shown: Incoming | None) -> Answer:
    """Return a list as it is answered, with the id under which it is in the log.

    Without a log it is what it was, and so it is if the disk does not take the line:
    who asked for a list has nothing to do with that.
    """
    if shown is None:
        return answer
    request_id = uuid4().hex
    row = {
        "request_id": request_id,
        "version": answer["version"],
        "user_id": answer.get("user_id"),
        "movie_ids": [place["movie_id"] for place in answer["recommendations"]],
        "shown_at": int(time.time()),
    }
    try:
        shown.add([row], dataset_of(opened))
    except OSError as error:
        log.error("a list is not in the log", extra={"reason": str(error)})
        return answer
    return {**answer, "request_id": request_id}


def sent_events(events: Sequence[Mapping[str, Any]]) -> list[Answer]:
    """Return events as they are kept, each with its time."""
    now = int(time.time())
    return [{**one, "at": now if one["at"] is None else one["at"]} for one in events]
