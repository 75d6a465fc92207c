"""Ports of this machine: which are free, and who has those that are not."""

import errno
import socket
import time

import psutil

from cinespark.errors import CineSparkError
from cinespark.topic.broker_file import HOST

DYING = 5.0  # seconds that a process may still hold its port after a kill
PAUSE = 0.1


def free_port(port: int) -> int:
    """Return a port that is free, any for 0.

    Raises
    ------
    CineSparkError
        If it is taken.
    """
    latest = time.monotonic() + DYING
    while True:
        try:
            return bound(port)
        except OSError as error:
            holder = who(port)
            # that of a broker that was killed just now is nobody's, and not yet free
            if holder or error.errno != errno.EADDRINUSE or time.monotonic() > latest:
                raise CineSparkError(
                    f"port {port} of {HOST} cannot be used ({error.strerror}){holder}: "
                    "free it, or choose another with --port (0 for any)"
                ) from error
            time.sleep(PAUSE)


def bound(port: int) -> int:
    """Return the port that a socket gets which asks for this one."""
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as Java does
        one.bind((HOST, port))
        found: int = one.getsockname()[1]
        return found


def who(port: int) -> str:
    """Return which process listens at a port, in words, if that can be seen."""
    try:
        connections = psutil.net_connections("tcp")
        pids = [
            one.pid
            for one in connections
            if one.status == psutil.CONN_LISTEN
            and one.laddr[1:] == (port,)
            and one.pid is not None
        ]
        return f" by {psutil.Process(pids[0]).name()}, process {pids[0]}"
    except (psutil.Error, OSError, IndexError):
        return ""
