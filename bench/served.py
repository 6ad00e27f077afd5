"""Servers and clients for the bench: a served desk with a filled database, a served plain Streamlit page, and a client."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import httpx
import psutil

from bench.fill import PASSWORD, Size, fill
from core.desk.accounts import sessions
from core.settings import sqlite_url
from core.store.engine import connect
from core.store.migrate import migrate
from tests.serving.servers import BROWSER, SESSION_COOKIE, Server, free_port, serving

PLAIN = Path(__file__).parent / "plain"
DATABASES_VARIABLE = (
    "BENCH_DATABASES"  # variable with the folder where filled databases are stored for the scripts that follow
)
OPENLY = {"ALLOW_DEMO_ACCOUNTS": "yes", "DEMO_PASSWORDS_ARE_PUBLIC": "yes"}


@dataclass(frozen=True, slots=True)
class Plain:
    """A Streamlit script served with Streamlit's defaults: its port and process id."""

    port: int
    pid: int

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def filled(folder: Path, size: Size) -> Path:
    """Make `desk.db` of this size in `folder`. It is filled only once for all scripts of one run of `bench.all`."""
    database, cache = folder / "desk.db", os.environ.get(DATABASES_VARIABLE)
    cached = Path(cache) / f"{size}.db" if cache else None
    if cached is not None and cached.exists():
        shutil.copy(cached, database)
        return database
    store = connect(sqlite_url(database))
    migrate(store)
    fill(store, size)
    store.close()
    if cached is not None:
        shutil.copy(database, cached)
    return database


@contextmanager
def desk(size: Size, *, worker: str = "yes") -> Iterator[Server]:
    """A desk with a database of this size, served as `make run` serves it; `worker` is BACKGROUND_WORKER."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        filled(Path(folder), size)
        with serving(Path(folder), BACKGROUND_WORKER=worker, **OPENLY) as server:
            yield server


@contextmanager
def plain(script: str, *options: str, **environment: str) -> Iterator[Plain]:
    """One of the scripts in `bench/plain`, served with Streamlit's defaults and the given command-line options.

    `environment` is added to the script's environment; FOLDER is a temporary folder for its data.
    """
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="plain-") as folder:
        page = shutil.copy(PLAIN / script, folder)  # so that this project's Streamlit settings do not apply
        command = [sys.executable, "-m", "streamlit", "run", page, "--server.port", str(port)]
        command += ["--server.headless", "true", "--server.address", "127.0.0.1", "--browser.gatherUsageStats", "false"]
        environ = {**os.environ, "FOLDER": folder, **environment}
        with (Path(folder) / "log").open("wb") as log:
            process = subprocess.Popen([*command, *options], cwd=folder, env=environ, stdout=log, stderr=log)
            try:
                healthy(f"http://127.0.0.1:{port}", process)
                yield Plain(port, process.pid)
            finally:
                process.terminate()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait(10)


def healthy(origin: str, process: "subprocess.Popen[bytes]") -> None:
    """Wait until the server's health check succeeds. Raises RuntimeError after 60 s, or where the process has ended."""
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(f"{origin}/_stcore/health", timeout=2).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise RuntimeError(f"{origin} does not serve")


def sessions_of(server: Server, usernames: list[str]) -> list[dict[str, str]]:
    """The session cookie of a new session for each username. The slow password check is skipped."""
    store, now, cookies = connect(server.database_url), datetime.now(UTC), []
    for username in usernames:
        attempt = sessions.Attempt(username, PASSWORD, "127.0.0.1", BROWSER)
        ticket = sessions.sign_in(store, attempt, now, lambda *_: True)
        cookies.append({SESSION_COOKIE: sessions.establish(store, ticket, BROWSER, "127.0.0.1", "bench", now)})
    store.close()
    return cookies


def memory_mb(pid: int) -> float:
    """The resident memory of a server process and its children, in MB (2**20 bytes)."""
    process = psutil.Process(pid)
    return sum(float(each.memory_info().rss) for each in (process, *process.children(recursive=True))) / 2**20


def cpu_s(pid: int) -> float:
    """The CPU time that a server process has used, in seconds."""
    used = psutil.Process(pid).cpu_times()
    return float(used.user + used.system)


class HttpConnection:
    """One persistent HTTP connection of a signed-in person: the least that a browser's fetch needs."""

    def __init__(self, port: int, cookies: Mapping[str, str]) -> None:
        self._port = port
        cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self._head = f"Host: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\nCookie: {cookie}\r\n"

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port, limit=2**22)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.close()

    async def bytes(self, method: str, path: str, body: bytes = b"", more: str = "") -> tuple[int, bytes]:
        """Send a request; return the response's status and body. `more` are further header lines with CRLF."""
        head = f"{method} {path} HTTP/1.1\r\n{self._head}{more}Content-Length: {len(body)}\r\n\r\n"
        self._writer.write(head.encode() + body)
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = int(head.partition("content-length:")[2].partition("\r\n")[0])
        return int(head.split(" ", 2)[1]), await self._reader.readexactly(length)

    async def request(self, method: str, path: str, document: Mapping[str, Any] | None = None) -> Any:
        """Send a JSON request and return the parsed response. Raises RuntimeError for a status of 300 or more."""
        body = b"" if document is None else json.dumps(document).encode()
        status, answer = await self.bytes(method, path, body, "Content-Type: application/json\r\n")
        if status >= 300:
            raise RuntimeError(f"{method} {path}: {status} {answer[:300].decode(errors='replace')}")
        return json.loads(answer)
