"""Keeping the pages up after the story: Prefect's own, and the report, on this machine only."""

from __future__ import annotations

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

from cli.demonstration.place import Place
from cli.printing import line, note


class _Quiet(SimpleHTTPRequestHandler):
    """Hands out the report and nothing else of the folder."""

    def do_GET(self) -> None:  # the standard library asks for this name
        """Answer with the report."""
        self.path = "/report.html"
        super().do_GET()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def serve_until_stopped(place: Place, pages: str, quiet: bool) -> None:
    """Serve the report, beside Prefect where it runs, until Ctrl-C."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(place.folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    say = note if quiet else line
    say(f"Report   http://127.0.0.1:{server.server_port}/report.html")
    if pages:
        say(f"Prefect  {pages}   (runs, the tracker of the cycle, artifacts)")
    say("Ctrl-C ends it.")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        say("")
    finally:
        server.shutdown()
        server.server_close()
