"""The desk as a newcomer serves it: a process of its own on a free port, with a database and a data folder of its own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx

from core.desk.accounts import sessions
from core.settings import sqlite_url
from core.store.engine import connect

ROOT = Path(__file__).resolve().parents[2]
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
PORTS = cycle(
    10_000 + 2_000 * WORKER + (97 * os.getpid() + at) % 2_000 for at in range(2_000)
)  # none is an outgoing one
STARTS_WITHIN = 120.0  # seconds, on two busy cores
BROWSER = "browser-of-a-test"
OUTLIVES_NOBODY = ("setpriv", "--pdeathsig", "KILL", "--") if shutil.which("setpriv") else ()  # tests may be killed too
SESSION_COOKIE = "desk"  # without HTTPS in front; core.web.gate.gate.Admission.session_cookie


class DidNotStart(RuntimeError):
    """The server ended, or did not answer in time; its own words say why."""


@dataclass
class Server:
    """A desk that is being served."""

    port: int
    data_dir: Path
    database_url: str
    environment: Mapping[str, str]
    log: Path
    process: "subprocess.Popen[bytes]" = field(repr=False)
    script: str = "app.py"

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def localize(self) -> str:
        """What the server has printed so far."""
        return self.log.read_text(errors="replace")

    def kill(self) -> None:
        """End it as a power cut would, and all that it started."""
        gone(self.process)

    def start(self) -> None:
        """Serve again, the same data on the same port."""
        self.process = _started(self.port, self.environment, self.log, self.script)
        _wait(self)

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()

    def cookies(self, username: str, password: str) -> dict[str, str]:
        """The cookies of a new session, made by the desk itself: the ticket and its exchange, without a browser."""
        store = connect(self.database_url)
        try:
            now = datetime.now(UTC)
            ticket = sessions.sign_in(store, sessions.Attempt(username, password, "127.0.0.1", BROWSER), now)
            secret = sessions.establish(store, ticket, BROWSER, "127.0.0.1", "tests", now)
        finally:
            store.close()
        return {SESSION_COOKIE: secret}

    def client(self, username: str | None = None, password: str = "") -> httpx.Client:
        """An HTTP client of this server, signed in or not, that sends the exact Origin."""
        cookies = self.cookies(username, password) if username else {}
        return httpx.Client(base_url=self.origin, cookies=cookies, headers={"Origin": self.origin}, timeout=30)


def gone(process: "subprocess.Popen[Any]") -> None:
    """Kill a process that leads a group, with its whole group."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


def free_port() -> int:
    """A port that nothing listens on. Tests that run side by side, each in a process of its own, are given different ones."""
    while True:
        port = next(PORTS)
        with socket.socket() as door, suppress(OSError):
            door.bind(("127.0.0.1", port))
            return port


@contextmanager
def serving(
    data_dir: Path, database_url: str | None = None, *, script: str = "app.py", **environment: str
) -> Iterator[Server]:
    """Serve the desk on a free port, as `make run` does, until the end of the block; or another script of Streamlit's."""
    data_dir.mkdir(parents=True, exist_ok=True)
    url = database_url or sqlite_url(data_dir / "desk.db")
    told = {**os.environ, "DATA_DIR": str(data_dir), "DATABASE_URL": url, "PYTHONWARNINGS": "default", **environment}
    port, log = free_port(), data_dir / "server.log"
    told["PORT"] = str(port)
    server = Server(port, data_dir, url, told, log, _started(port, told, log, script), script)
    try:
        _wait(server)
        yield server
    finally:
        server.stop()


def opened(data_dir: Path, *, videos: str = "short") -> None:
    """A demo contest in `data_dir`, its films a few seconds long unless `videos` says otherwise."""
    environment = {**os.environ, "DATA_DIR": str(data_dir), "DATABASE_URL": sqlite_url(data_dir / "desk.db")}
    command = [*OUTLIVES_NOBODY, sys.executable, "-m", "core", "demo", "--videos", videos]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode:
        raise DidNotStart(f"no demo: {done.stdout}{done.stderr}")


def _started(port: int, environment: Mapping[str, str], log: Path, script: str) -> "subprocess.Popen[bytes]":
    command = [*OUTLIVES_NOBODY, sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    with log.open("ab") as words:
        return subprocess.Popen(
            command, cwd=ROOT, env=dict(environment), stdout=words, stderr=subprocess.STDOUT, start_new_session=True
        )


def _wait(server: Server) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        if server.process.poll() is not None:
            raise DidNotStart(f"the server ended with {server.process.returncode}: {server.localize()[-4000:]}")
        try:
            if httpx.get(f"{server.origin}/_stcore/health", timeout=2).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    server.stop()
    raise DidNotStart(f"the server did not answer within {STARTS_WITHIN} s: {server.localize()[-4000:]}")
