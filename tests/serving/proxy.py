"""nginx in front of the desk, with the site file of docs/nginx.conf and its own certificate."""

import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.serving.servers import ROOT, free_port

SITE = ROOT / "docs" / "nginx.conf"
NAME = "localhost"
AROUND = """daemon off;
{user}
pid {folder}/pid;
error_log stderr;
worker_processes 1;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{site}
}}
"""


@dataclass(frozen=True)
class Proxy:
    """The addresses of a running nginx, its certificate and its access log."""

    port: int
    plain: int  # the port without TLS
    trust: ssl.SSLContext
    log: Path  # the access log

    @property
    def origin(self) -> str:
        return f"https://{NAME}:{self.port}"

    def client(self, cookies: dict[str, str] | None = None) -> httpx.Client:
        """An HTTP client that trusts the certificate, sends the exact Origin and stores no cookies."""
        headers = {"Origin": self.origin}
        if cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        return httpx.Client(base_url=self.origin, verify=self.trust, headers=headers, timeout=30)


def program() -> str:
    """The path of nginx on this machine."""
    found = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if found is None:
        pytest.fail("no nginx on this machine: install the package nginx-light", pytrace=False)
    return found


def site(desk: int, tls: int, plain: int, folder: Path) -> str:
    """The documented site for this machine's name, on loopback, at these ports. Raises AssertionError where an
    expected line is missing.
    """
    text = SITE.read_text()
    for pattern, ours in (
        (r"^ *listen \[::\].*\n", ""),
        (r"listen 80;", f"listen 127.0.0.1:{plain};"),
        (r"listen 443 ssl", f"listen 127.0.0.1:{tls} ssl"),
        (r"return 308 https://\$host", f"return 308 https://{NAME}:{tls}"),
        (r"server 127\.0\.0\.1:8501;", f"server 127.0.0.1:{desk};"),
        (r"server_name cham\.example\.vn;", f"server_name {NAME};"),
        (r"/var/log/nginx/desk\.log", f"{folder}/access"),
        (r"/etc/ssl/\S+/cham\.example\.vn", f"{folder}/desk"),
    ):
        text, count = re.subn(pattern, ours, text, flags=re.MULTILINE)
        assert count, f"docs/nginx.conf no longer has {pattern}"
    return text


@contextmanager
def proxied(folder: Path, desk: int, tls: int) -> Iterator[Proxy]:
    """Serve nginx on loopback in front of the desk at port `desk`, until the end of the block."""
    folder.mkdir()
    _certificate(folder)
    plain = free_port()
    user = "user root;" if os.geteuid() == 0 else ""
    whole = AROUND.format(user=user, folder=folder, site=site(desk, tls, plain, folder))
    (folder / "nginx.conf").write_text(whole)
    command = [program(), "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        _wait(running, tls, folder / "log")
        yield Proxy(tls, plain, ssl.create_default_context(cafile=str(folder / "desk.pem")), folder / "access")
    finally:
        running.terminate()
        running.wait(60)


def _certificate(folder: Path) -> None:
    words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    names = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
    files = ["-keyout", str(folder / "desk.key"), "-out", str(folder / "desk.pem")]
    subprocess.run(["openssl", *words.split(), *names, *files], check=True, capture_output=True)


def _wait(running: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert running.poll() is None, log.read_text()
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise AssertionError(log.read_text())
