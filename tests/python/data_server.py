"""A real HTTP server on 127.0.0.1 that serves, breaks off and refuses on demand."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager

HALF, FORBIDDEN = "half", "forbidden"


@contextmanager
def serving(files: dict[str, bytes], manner: str = "") -> Iterator[tuple[str, list]]:
    """Serve bytes by path; yield the base URL and the list of paths asked for."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            body = files.get(self.path.removeprefix("/"))
            if manner == FORBIDDEN or body is None:
                self.send_error(403 if manner == FORBIDDEN else 404)
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if manner == HALF else body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
