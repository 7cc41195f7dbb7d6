"""Who answers when adapters call? A server on loopback that answers as a test says."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

from attrs import field, frozen

from kompetanse_adapters.calling import Manners

LOOPBACK = "127.0.0.1"
NEAR = Manners(near=(LOOPBACK,), first_wait=0.001, longest_wait=0.05, seconds=20, tries=3)
"""Good manners for a server of the test's own, without long waits."""


class Caller(Protocol):
    """What an answer is given to: the call, and the way back."""

    path: str
    command: str
    headers: Any
    rfile: Any
    wfile: Any

    def send_response(self, code: int, /) -> None: ...
    def send_header(self, keyword: str, value: str, /) -> None: ...
    def end_headers(self) -> None: ...


Say = Callable[[Caller], None]


@frozen
class Callee:
    """One server: where it is, and what it was asked."""

    address: str
    asked: list[str] = field(factory=list)


def answer(body: object, status: int = 200, **headers: str) -> Say:
    """Answer with JSON; a header's name is written with underscores."""

    def say(caller: Caller) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        told = {
            "Content-Type": "application/json",
            "Content-Length": str(len(content)),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        caller.send_response(status)
        for name, value in told.items():
            caller.send_header(name, value)
        caller.end_headers()
        caller.wfile.write(content)

    return say


@contextmanager
def callee(say: Say) -> Iterator[Callee]:
    """A server that answers every call by `say`, until the block ends."""
    asked: list[str] = []

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"{self.command} {self.path}")
            say(self)

        do_POST = do_PUT = do_PATCH = do_GET  # noqa: N815 - http.server calls them so

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as it is called
            """Keep the terminal clean."""

    server = ThreadingHTTPServer((LOOPBACK, 0), Answering)
    server.daemon_threads = True
    server.block_on_close = False
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # callers hang up here
    thread = threading.Thread(target=lambda: server.serve_forever(0.02), daemon=True)
    thread.start()
    try:
        yield Callee(f"http://{LOOPBACK}:{server.server_port}", asked)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def in_turn(*says: Say) -> Say:
    """Answer the first call by the first, and so on; the last one answers all that follow."""
    left = list(says)

    def say(caller: Caller) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(caller)

    return say
