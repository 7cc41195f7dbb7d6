"""Which SCIM server do tests ask? A real one, started on loopback, which knows our extension."""

import atexit
import json
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from kompetanse_adapters.scim import COMPETENCE, ENTERPRISE

CORE = "urn:ietf:params:scim:schemas:core:2.0"
TOKEN = "a-token-for-tests"
WORDS = ("value", "display", "facet", "source", "assessed", "expires")
LOOPBACK = "127.0.0.1"
NUMBERS = count()


def attribute(name: str, kind: str, **more: object) -> dict[str, object]:
    """One attribute of a schema."""
    return {"name": name, "type": kind, "multiValued": False, "description": name, **more}


def extension() -> dict[str, object]:
    """Our extension, as a schema."""
    parts = [attribute(name, "string") for name in WORDS]
    parts += [attribute(name, "integer") for name in ("level", "top")]
    held = attribute("competences", "complex", multiValued=True, subAttributes=parts)
    ours = {"schemas": [f"{CORE}:Schema"], "id": COMPETENCE, "name": "Competence"}
    return {**ours, "description": "Levels", "attributes": [held]}


@contextmanager
def running(*options: str) -> Iterator[str]:
    """A server with these options, until the block ends."""
    with socket.create_server((LOOPBACK, 0)) as found:
        port = found.getsockname()[1]
    program = str(Path(sys.executable).with_name("scim2-server"))
    command = [program, "--port", str(port), "--bearer-token", TOKEN, *options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while process.poll() is None:
            with suppress(OSError), socket.create_connection((LOOPBACK, port)):
                break
            time.sleep(0.05)
        yield f"http://{LOOPBACK}:{port}"
    finally:
        process.terminate()
        process.wait()


@cache
def server() -> str:
    """The address of a server that knows our extension; it runs as long as the tests do."""
    with running() as plain:
        schemas = [*call(f"{plain}/v2", "GET", "/Schemas")["Resources"], extension()]
        types = call(f"{plain}/v2", "GET", "/ResourceTypes")["Resources"]
    for each in types:
        if each["id"] == "User":
            each["schemaExtensions"] = [
                {"schema": name, "required": False} for name in (ENTERPRISE, COMPETENCE)
            ]
    folder = tempfile.TemporaryDirectory()
    for name, content in (("schema", schemas), ("resource-type", types)):
        Path(folder.name, name).write_text(json.dumps(content))
    options = [f"--{name}={folder.name}/{name}" for name in ("schema", "resource-type")]
    kept = ExitStack()
    atexit.register(kept.close)
    kept.callback(folder.cleanup)
    return kept.enter_context(running(*options, "--dynamic-tenants"))


def tenant() -> str:
    """The address of a server of one's own, with nobody in it."""
    return f"{server()}/t{next(NUMBERS)}/v2"


def call(address: str, method: str, path: str, body: object = None) -> dict[str, Any]:
    """Ask the server as an administrator would, past the adapter."""
    told = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/scim+json"}
    request = urllib.request.Request(address + path, told, headers, method=method)
    with urllib.request.urlopen(request) as answer:
        content = answer.read()
    return dict(json.loads(content)) if content else {}
