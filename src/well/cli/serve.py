"""`well up`, `well web`, `well worker`: run the product until it is stopped.

Invariant: SIGTERM and Ctrl-C end it after the step that is running; whatever is killed harder
goes on at the next start.
"""

import argparse
import signal
import sys
import threading

import uvicorn

from well.bootstrap import well
from well.worker.engine import Engine


def add(parser: argparse.ArgumentParser) -> None:
    """The options of all three commands."""
    settings = well().settings
    parser.add_argument("--host", default=settings.host, help="address to listen on")
    parser.add_argument("--port", type=int, default=settings.port, help="port to listen on")


def run(arguments: argparse.Namespace) -> int:
    """Run what the command names."""
    engine = Engine() if arguments.command in ("up", "worker") else None
    if engine:
        engine.start()
    try:
        if arguments.command == "worker":
            _wait()
        else:
            _serve(arguments.host, arguments.port)
    finally:
        if engine:
            engine.stop()
        well().close()
    return 0


def _wait() -> None:
    ended = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: ended.set())
    print("The worker runs; Ctrl-C ends it.", file=sys.stderr)
    ended.wait()


def _serve(host: str, port: int) -> None:
    print(f"Well listens on http://{host}:{port}", file=sys.stderr)
    uvicorn.run(
        "well.web.asgi:application",
        host=host,
        port=port,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=5,
    )
