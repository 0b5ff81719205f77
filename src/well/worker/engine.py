"""The engine: launches DBOS and starts the syncs that are due.

Invariant: a sync's workflow id says which flow and which due time it is, so starting it twice, by
two workers or after a crash, is one run. It holds no state of its own.
"""

import threading
from collections.abc import Callable
from datetime import datetime

import structlog
from dbos import DBOS, SetEnqueueOptions, SetWorkflowID

from well.accounts.workspaces import all_workspaces
from well.bootstrap import Well, well
from well.worker.consents import end_left_consents
from well.worker.notices import mail_notices
from well.worker.returned import ReturnedMailLoop
from well.worker.run import sync

QUEUE = "syncs"
WORKFLOW_VERSION = "1"
"""Of the workflow's shape, not of the program: a run begun before an upgrade goes on after it. To
be raised only with a change of `worker/run.py` that cannot go on from an older step's result."""

TICK_SECONDS = 0.5
MAIL_SECONDS = 15
CONSENT_SECONDS = 300
CONCURRENT_SYNCS = 4
ENDED = {"SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"}

log = structlog.get_logger("well.worker")


class Engine:
    """Start with `start`, end with `stop`; both may be called once."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._loop, args=work, name=name, daemon=True)
            for name, work in (
                ("well-ticks", (tick, TICK_SECONDS)),
                # Apart, since a mail server may take minutes to answer.
                ("well-mails", (mail_notices, MAIL_SECONDS)),
                ("well-consents", (end_left_consents, CONSENT_SECONDS)),
            )
        ]
        self._mail = ReturnedMailLoop(self._stop)

    def start(self) -> None:
        """Launch the engine (recovering what a former process left) and begin to tick."""
        settings = well().settings
        DBOS(
            config={
                "name": "well",
                "system_database_url": settings.engine_database,
                "application_version": WORKFLOW_VERSION,
                "executor_id": settings.executor,
                "log_level": "WARNING",
            }
        )
        DBOS.launch()
        DBOS.register_queue(
            QUEUE,
            worker_concurrency=CONCURRENT_SYNCS,
            partition_concurrency=1,
            polling_interval_sec=TICK_SECONDS,
        )
        for thread in self._threads:
            thread.start()
        self._mail.start()

    def stop(self) -> None:
        """End after the step that is running."""
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=10)
        self._mail.stop()
        DBOS.destroy(workflow_completion_timeout_sec=0)

    def _loop(self, work: Callable[[Well], object], seconds: float) -> None:
        while not self._stop.wait(seconds):
            try:
                work(well())
            except Exception:
                log.exception("a tick failed; the next one follows")


def tick(it: Well) -> None:
    """Enqueue every sync that is due in any workspace."""
    now = it.clock.now()
    for workspace in all_workspaces():
        store = it.store(workspace)
        for flow, due in store.due_flows(now):
            enqueue(it, workspace, flow, due)


def enqueue(it: Well, workspace: str, flow: str, due: datetime) -> None:
    """Start the run of this due time once; a run that ended badly does not block the flow."""
    id = f"sync:{workspace}:{flow}:{due.isoformat()}"
    known = DBOS.get_workflow_status(id)
    if known is None:
        partition = f"{workspace}:{it.flow(workspace, flow).source}"
        with SetWorkflowID(id), SetEnqueueOptions(queue_partition_key=partition):
            DBOS.enqueue_workflow(QUEUE, sync, workspace, flow, due.isoformat())
    elif known.status in ENDED:
        store = it.store(workspace)
        store.set_due(flow, it.clock.now() + it.flow(workspace, flow).every, expected=due)
