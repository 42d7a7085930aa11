"""A Prefect server of the demonstration's own, tuned for many short runs on one small machine."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import certifi

from cli import launcher
from cli.demonstration.machine import Machine, machine
from cli.demonstration.place import Place

_SERVICES = "PREFECT_SERVER_SERVICES_"
#: its own defaults write every event of a task by itself, which costs twice the processor time (measured, 3.8.8)
_IN_BATCHES = {
    f"{_SERVICES}TASK_RUN_RECORDER_BATCH_SIZE": "50",
    f"{_SERVICES}TASK_RUN_RECORDER_READ_BATCH_SIZE": "50",
    f"{_SERVICES}TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
}
#: they look after deployments and workers, and the demonstration has none; runs, states and artifacts are kept without
#: the feed of events, which takes an eighth of all processor time
_IDLE = (
    "EVENT_PERSISTER",
    "TRIGGERS", "SCHEDULER", "LATE_RUNS", "FOREMAN", "PAUSE_EXPIRATIONS", "REPOSSESSOR", "CANCELLATION_CLEANUP",
    "CLEANUP_RECONCILER",
)  # fmt: skip
_QUIET = {
    # a run that fails is shown by the command itself; everything is in the server's log pages
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
    # that a task began and ended well is shown by its state; sending it as lines of a log costs as much as the feed
    "PREFECT_LOGGING_LEVEL": "WARNING",
}
#: what takes seconds to load and can be loaded while the server starts
_HEAVY = ("flows.evaluation_cycle", "flows.hand_over_notices", "flows.audit_deadlines", "flows.annual_mark",
          "flows.open_quarter", "services.paper")  # fmt: skip


_END = "-----END CERTIFICATE-----\n"


def _few_certificates(place: Place) -> dict[str, str]:
    """One certificate instead of the world's.

    Everything here speaks plain HTTP to this machine, yet each of some hundred clients would first read the whole
    bundle, 40 ms of processor time each.
    """
    place.prefect.mkdir(parents=True, exist_ok=True)
    file = place.prefect / "one-certificate.pem"
    file.write_text(Path(certifi.where()).read_text("utf-8").partition(_END)[0] + _END, "utf-8")
    return {"SSL_CERT_FILE": str(file), "PREFECT_API_SSL_CERT_FILE": str(file)}


@contextmanager
def prefect(place: Place) -> Iterator[tuple[Machine, str]]:
    """A server with everything it keeps in the place, and the machine that runs flows against it; its address.

    Raises:
        NotStarted: the server did not start.
    """
    port = launcher.free_port(0)  # any free one: two demonstrations at once must not meet
    os.environ |= {**_IN_BATCHES, **_QUIET, **{f"{_SERVICES}{one}_ENABLED": "false" for one in _IDLE}}
    os.environ |= _few_certificates(place)
    os.environ |= launcher.environment(place.prefect, f"http://127.0.0.1:{port}/api")
    with ThreadPoolExecutor(1) as helper:
        loading = helper.submit(lambda: [importlib.import_module(name) for name in _HEAVY])
        with launcher.prefect_server(place.prefect, port) as address:
            loading.result()
            with machine(address) as made:
                yield made, address.removesuffix("/api")
