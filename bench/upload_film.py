"""Receiving one film of 512 MB, against nginx; memory while eight films of 1 GB come. python -m bench.upload_film [--quick]

The desk receives pieces of 32 MB, each synced and committed before it is answered, and hashes the film at the end. nginx
receives the same file by PUT, and the file is then synced: both have it on the disk. The client is the same.
"""

import os
import shutil
import socket
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import sqlalchemy as sa

from bench import table
from bench.fill import Size
from bench.served import filled, memory_mb, sessions_of
from core.store import tables as t
from core.store.engine import connect
from core.web.uploads.tus import PIECE_TYPE, VERSION
from tests.fixtures.uploads import HEAD
from tests.serving.servers import Server, free_port, serving

MEGABYTE = 2**20
PIECE, ROUNDS, AT_ONCE = 32 * MEGABYTE, 3, 8
SECRETARIES = ("thuky", "quantri")  # five uploads of one person at most
NGINX = """daemon off; pid {folder}/pid; error_log stderr; worker_processes 1; {user}
events {{ worker_connections 64; }}
http {{
    access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port}; client_max_body_size 4g; location / {{ root {folder}/files; dav_methods PUT; }} }}
}}
"""


def measure(quick: bool) -> Iterator[table.Figure]:
    """How fast a film is received, and the memory that eight films add while they come."""
    size, large = (64 if quick else 512) * MEGABYTE, (64 if quick else 1024) * MEGABYTE
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        film = write_film(folder / "film.mp4", large)
        with desk(folder / "desk") as server, nginx(folder / "nginx") as port:
            cookies = sessions_of(server, list(SECRETARIES))
            ours, theirs = fastest(
                lambda: upload(server, cookies[0], film, size), lambda: put(folder / "nginx", port, film, size)
            )
            added, together = eight_at_once(server, cookies, film, large)
    rate, plain = size / MEGABYTE / ours, size / MEGABYTE / theirs
    yield table.Figure(
        f"a film of {size // MEGABYTE} MB received, on the disk and hashed", rate, "MB/s", "≥ 0.8 × nginx", rate >= 0.8 * plain,
        plain=plain, plain_is="nginx PUT, then synced", more=True,
    )  # fmt: skip
    yield table.Figure(
        f"… memory while {AT_ONCE} films of {large // MEGABYTE} MB come at once ({together:.0f} MB/s together)", added, "MB",
        "≤ 100 MB", added <= 100,
    )  # fmt: skip


def write_film(path: Path, size: int) -> Path:
    """Write a file that begins as an MP4 and is random otherwise."""
    with path.open("wb") as file:
        file.write(HEAD + os.urandom(MEGABYTE - len(HEAD)))
        for _ in range(size // MEGABYTE - 1):
            file.write(os.urandom(MEGABYTE))
    return path


@contextmanager
def desk(folder: Path) -> Iterator[Server]:
    """A desk with two secretaries."""
    folder.mkdir()
    filled(folder, Size(30, 9, sealed=0))
    with serving(folder, UPLOAD_RESERVE_MEGABYTES="1") as server:
        store = connect(server.database_url)
        ids = sa.select(t.account.c.id, sa.literal("secretary")).where(t.account.c.username == SECRETARIES[1])
        add = t.account_role.insert().from_select(["account_id", "role"], ids)
        store.change(lambda transaction: transaction.connection.execute(add).close())
        store.close()
        yield server


@contextmanager
def nginx(folder: Path) -> Iterator[int]:
    """Serve nginx that stores what it is sent by PUT; yields its port. Raises RuntimeError if it is not installed."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        raise RuntimeError("nginx is not on this machine")
    (folder / "files").mkdir(parents=True)
    port, user = free_port(), "user root;" if os.geteuid() == 0 else ""
    (folder / "conf").write_text(NGINX.format(folder=folder, port=port, user=user))
    with subprocess.Popen([program, "-e", "stderr", "-p", folder, "-c", folder / "conf"]) as running:
        for _ in range(200):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        try:
            yield port
        finally:
            running.terminate()


def fastest(*acts: Callable[[], object]) -> list[float]:
    """The median time of each act in seconds, run in turns."""
    times: list[list[float]] = [[] for _ in acts]
    for _ in range(ROUNDS):
        for act, each in zip(acts, times, strict=True):
            began = time.monotonic()
            act()
            each.append(time.monotonic() - began)
    return [statistics.median(each) for each in times]


def put(folder: Path, port: int, film: Path, size: int) -> None:
    """Send the film to nginx and sync it; remove it."""
    send(port, "PUT", "/film.mp4", {"Host": "x"}, film, 0, size)
    stored = folder / "files" / "film.mp4"
    for path in (stored, stored.parent):
        handle = os.open(path, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
    stored.unlink()


def upload(server: Server, cookies: dict[str, str], film: Path, size: int) -> None:
    """Upload the film in pieces; remove it."""
    headers = {"Origin": server.origin, "Tus-Resumable": VERSION}
    with httpx.Client(base_url=server.origin, cookies=cookies, headers=headers, timeout=60) as client:
        begun = client.post("/uploads", headers={"Upload-Length": str(size), "Upload-Metadata": "filename YS5tcDQ="})
        if begun.status_code != httpx.codes.CREATED:
            raise RuntimeError(begun.text)
        address = begun.headers["location"]
        cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        shared = {**headers, "Host": f"127.0.0.1:{server.port}", "Cookie": cookie, "Content-Type": PIECE_TYPE}
        for at in range(0, size, PIECE):
            length = min(PIECE, size - at)
            send(server.port, "PATCH", address, {**shared, "Upload-Offset": str(at)}, film, at, length)
        client.delete(address)


def send(port: int, method: str, path: str, headers: dict[str, str], film: Path, at: int, length: int) -> None:
    """One request whose body is a part of the film, sent without copying it. Raises RuntimeError unless it succeeds."""
    lines = [f"{name}: {value}" for name, value in {**headers, "Content-Length": length, "Connection": "close"}.items()]
    with socket.create_connection(("127.0.0.1", port), 120) as line, film.open("rb") as file:
        line.sendall("\r\n".join([f"{method} {path} HTTP/1.1", *lines, "", ""]).encode())
        line.sendfile(file, at, length)
        answer = line.recv(65536)
    if not answer.startswith((b"HTTP/1.1 201", b"HTTP/1.1 204")):
        raise RuntimeError(answer[:300].decode(errors="replace"))


def eight_at_once(server: Server, cookies: list[dict[str, str]], film: Path, size: int) -> tuple[float, float]:
    """The greatest rise of the server's memory in MB while eight films come at once, and their rate together in MB/s."""
    before, most, failed = memory_mb(server.process.pid), 0.0, list[BaseException]()

    def one(number: int) -> None:
        try:
            upload(server, cookies[number % len(cookies)], film, size)
        except BaseException as error:  # noqa: BLE001  # raised again by the main thread
            failed.append(error)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(AT_ONCE)]
    began = time.monotonic()
    for each in threads:
        each.start()
    while any(each.is_alive() for each in threads):
        most = max(most, memory_mb(server.process.pid))
        time.sleep(0.05)
    if failed:
        raise failed[0]
    return most - before, AT_ONCE * size / MEGABYTE / (time.monotonic() - began)


if __name__ == "__main__":
    table.run(__doc__, measure)
