"""Lines of the log about requests: who asked what, and never a token or a rating."""

import logging
import time

from flask import Flask, Response, g, request

ALWAYS = (401, 403)  # who tries what is not theirs; errors of ours are logged anyway
log = logging.getLogger("cinespark.serve")


def log_answers(app: Flask, all_of_them: bool) -> None:
    """Log answers: those that refuse somebody, or all of them.

    A line has the method, the address without what is in it, the status, the time, the
    name of the token and the version; not the query, as that says whom it is about.
    """

    @app.after_request
    def write(response: Response) -> Response:
        if all_of_them or response.status_code in ALWAYS:
            token, opened = g.get("token"), g.get("opened")
            rule = request.url_rule
            log.info(
                "answered",
                extra={
                    "method": request.method if rule else None,
                    "route": str(rule) if rule else None,
                    "status": response.status_code,
                    "ms": round(1000 * (time.perf_counter() - g.begun), 1),
                    "address": request.remote_addr,
                    "token": token.name if token else None,
                    "version": opened.name if opened else None,
                },
            )
        return response
