"""Poll and capture alone: records a second from the stand-in's pages into the sealed store.

Invariant: the real connector over HTTP, the real store on SQLite; nothing is read or decided. The
stand-in's own limit of requests is lifted, and the connector's is kept.
"""

import os
import tempfile
import time
from importlib import import_module
from pathlib import Path

import django
import httpx

from well.cli.demo_settings import environment
from well.pipeline.backfill import backfill_page, next_slice, plan_backfill
from well.sandbox.serve import Sandbox

BILLS = 5_000
PORT = 8766


def main() -> None:
    """Connect once, then time the capture of every stream's history."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        with Sandbox(["quickbooks", "qonto"], data / "standins", bills=BILLS) as sandbox:
            os.environ.update(environment(sandbox.addresses, data / "well", PORT))
            os.environ["DJANGO_SETTINGS_MODULE"] = "well.django_settings"
            django.setup()
            admin = sandbox.addresses["quickbooks"]["admin"]
            httpx.post(f"{admin}/_admin/settings", json={"requests_per_minute": 1_000_000})
            prepared = import_module("benchmarks.prepared")
            bootstrap = import_module("well.bootstrap")
            workspace, flow = prepared.connected_flow(data)
            measure(bootstrap.well().work(workspace, flow))
            bootstrap.well().close()


def measure(work: object) -> None:
    """Time the backfill's pages without reading or deciding."""
    plan_backfill(work, work.clock.now())  # type: ignore[attr-defined, arg-type]
    started, records, pages = time.monotonic(), 0, 0
    while True:
        current, _ = next_slice(work.store.slices(work.flow.id))  # type: ignore[attr-defined]
        if current is None:
            break
        records += backfill_page(work, current)  # type: ignore[arg-type]
        pages += 1
    seconds = time.monotonic() - started
    print(
        f"{records} records in {pages} pages: {seconds:.1f} s, {records / seconds:.0f} records/s "
        "polled over HTTP, sealed and stored"
    )


if __name__ == "__main__":
    main()
