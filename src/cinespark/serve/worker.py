"""gunicorn's worker with threads, which gives no request more than its time."""

import contextlib
import json
import socket
import threading
import time
from http import HTTPStatus
from typing import Any

from gunicorn.http.errors import (
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
)
from gunicorn.workers.gthread import ThreadWorker

from cinespark.serve.problems import MEDIA_TYPE, problem_fields

SECONDS = 10  # from the first byte of a request to the last of its body
GRACE = 2  # to the last byte of its answer


class TimedWorker(ThreadWorker):
    """A worker whose threads no slow client keeps, and whose errors are problems.

    gunicorn waits for a client's first bytes in one place for all, and for the rest of
    a request in a thread, for ever.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lock = threading.Lock()
        self._begun: dict[Any, float] = {}  # by connection, when its request began
        self._answering: set[Any] = set()

    def handle(self, conn: Any) -> Any:
        with self._lock:
            self._begun[conn] = time.monotonic()
        try:
            return super().handle(conn)
        finally:
            with self._lock:
                self._begun.pop(conn, None)
                self._answering.discard(conn)

    def handle_request(self, req: Any, conn: Any) -> Any:
        with self._lock:
            self._answering.add(conn)
        return super().handle_request(req, conn)

    def murder_keepalived(self) -> None:
        """End requests that took too long, too; called about once a second."""
        super().murder_keepalived()
        latest = time.monotonic() - SECONDS
        with self._lock:
            late = [(conn, one) for conn, one in self._begun.items() if one < latest]
            for conn, begun in late:
                ends = socket.SHUT_RDWR
                if conn not in self._answering:
                    refuse(conn.sock, HTTPStatus.REQUEST_TIMEOUT, "it came too slowly")
                elif begun > latest - GRACE:
                    ends = socket.SHUT_RD  # of a body that drips in: the thread says so
                with contextlib.suppress(OSError):
                    conn.sock.shutdown(ends)  # wakes the thread

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Answer what is no HTTP, or too much of it, with a problem document."""
        if not isinstance(exc, ParseException):
            super().handle_error(req, client, addr, exc)
            return
        status = HTTPStatus.BAD_REQUEST
        if isinstance(exc, LimitRequestLine):
            status = HTTPStatus.REQUEST_URI_TOO_LONG
        elif isinstance(exc, LimitRequestHeaders):
            status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        refuse(client, status, "this is no request that is read here")


def refuse(connection: socket.socket, status: HTTPStatus, detail: str) -> None:
    """Send a problem document that is no application's, if the client takes it."""
    body = json.dumps(problem_fields(status, status.phrase, detail))
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\n"
        f"Content-Type: {MEDIA_TYPE}\r\n"
        f"Content-Length: {len(body)}\r\n"
        "Connection: close\r\n\r\n"
    )
    with contextlib.suppress(OSError):
        connection.send((head + body).encode(), socket.MSG_DONTWAIT)
