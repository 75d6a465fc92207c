"""The log of what was shown to whom, where somebody has asked for one."""

import logging
import time
from uuid import uuid4

from cinespark.errors import CineSparkError
from cinespark.serve.answer_parts import Answer
from cinespark.serve.incoming import Incoming
from cinespark.serve.opened import Opened
from cinespark.serve.other_answers import dataset_of
from cinespark.serve.problems import Problem

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
    except (OSError, CineSparkError, Problem) as error:
        log.error("a list is not in the log", extra={"reason": str(error)})
        return answer
    return {**answer, "request_id": request_id}
