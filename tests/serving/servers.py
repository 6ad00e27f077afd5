"""Serves the desk as `make run` does: a separate process on a free port, with its own database and data folder."""

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

from core import http_names
from core.desk.accounts import sessions
from core.settings import sqlite_url
from core.store.engine import connect

ROOT = Path(__file__).resolve().parents[2]
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
PORTS = cycle(
    10_000 + 2_000 * WORKER + (97 * os.getpid() + at) % 2_000 for at in range(2_000)
)  # none is in the range of ephemeral ports
BLOCKED = 10_080  # the one port of these that Chromium refuses to open
STARTS_WITHIN = 120.0  # seconds, on two busy cores
BROWSER = "browser-of-a-test"
KILLED_WITH_PARENT = (
    ("setpriv", "--pdeathsig", "KILL", "--") if shutil.which("setpriv") else ()
)  # killed with the tests
SESSION_COOKIE = http_names.SESSION.name(secure=False)


class DidNotStart(RuntimeError):
    """The server ended or did not answer in time; the message has its output."""


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

    def output(self) -> str:
        """What the server has printed so far."""
        return self.log.read_text(errors="replace")

    def kill(self) -> None:
        """Kill the server and every process it started, as a power cut would."""
        kill_group(self.process)

    def start(self) -> None:
        """Serve again, with the same data on the same port."""
        self.process = _started(self.port, self.environment, self.log, self.script)
        _wait(self)

    def stop(self) -> None:
        """Stop it as Ctrl-C does."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()

    def cookies(self, username: str, password: str, at: datetime | None = None) -> dict[str, str]:
        """The cookies of a new session, made directly in the database: a ticket is issued and exchanged, without a
        browser.

        `at`: the moment of the sign-in, by default now. The desk's clock is never before its newest ledger row, so that a
        later moment moves the clock of the whole contest.
        """
        store = connect(self.database_url)
        try:
            now = at or datetime.now(UTC)
            ticket = sessions.sign_in(store, sessions.Attempt(username, password, "127.0.0.1", BROWSER), now)
            secret = sessions.establish(store, ticket, BROWSER, "127.0.0.1", "tests", now)
        finally:
            store.close()
        return {SESSION_COOKIE: secret}

    def client(self, username: str | None = None, password: str = "") -> httpx.Client:
        """An HTTP client of this server, signed in or not, that sends the exact Origin."""
        cookies = self.cookies(username, password) if username else {}
        return httpx.Client(base_url=self.origin, cookies=cookies, headers={"Origin": self.origin}, timeout=30)


def kill_group(process: "subprocess.Popen[Any]") -> None:
    """Kill a process group by its leader."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(60)


def free_port() -> int:
    """A port that nothing listens on. Test workers that run in parallel get different ports."""
    while True:
        port = next(PORTS)
        if port == BLOCKED:
            continue
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@contextmanager
def serving(
    data_dir: Path, database_url: str | None = None, *, script: str = "app.py", **environment: str
) -> Iterator[Server]:
    """Serve the desk, or another Streamlit `script`, on a free port as `make run` does, until the end of the block."""
    data_dir.mkdir(parents=True, exist_ok=True)
    url = database_url or sqlite_url(data_dir / "desk.db")
    variables = {
        **os.environ,
        "DATA_DIR": str(data_dir),
        "DATABASE_URL": url,
        "PYTHONWARNINGS": "default",
        "BACKGROUND_WORKER": "no",  # tests that need it set it: it would take time from the others
        **environment,
    }
    port, log = free_port(), data_dir / "server.log"
    variables["PORT"] = str(port)
    server = Server(port, data_dir, url, variables, log, _started(port, variables, log, script), script)
    try:
        _wait(server)
        yield server
    finally:
        server.stop()


def build_demo(data_dir: Path, *, videos: str = "short") -> None:
    """Make a demo contest in `data_dir`; its films are a few seconds long unless `videos` says otherwise."""
    environment = {**os.environ, "DATA_DIR": str(data_dir), "DATABASE_URL": sqlite_url(data_dir / "desk.db")}
    command = [*KILLED_WITH_PARENT, sys.executable, "-m", "core", "demo", "--videos", videos]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode:
        raise DidNotStart(f"no demo: {done.stdout}{done.stderr}")


def _started(port: int, environment: Mapping[str, str], log: Path, script: str) -> "subprocess.Popen[bytes]":
    command = [*KILLED_WITH_PARENT, sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    with log.open("ab") as output:
        return subprocess.Popen(
            command, cwd=ROOT, env=dict(environment), stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )


def _wait(server: Server) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        if server.process.poll() is not None:
            raise DidNotStart(f"the server ended with {server.process.returncode}: {server.output()[-4000:]}")
        try:
            if httpx.get(f"{server.origin}/_stcore/health", timeout=2).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    server.stop()
    raise DidNotStart(f"the server did not answer within {STARTS_WITHIN} s: {server.output()[-4000:]}")
