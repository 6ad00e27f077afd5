"""Where the desk will not start, by really starting it: one line, exit status 1, and never a stack trace."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.serving.lines import SOON
from tests.serving.servers import ROOT, free_port, serving

NEEDS_TLS = "Máy chủ không mở ra ngoài máy này khi chưa có HTTPS"
HAS_DEMO = "Cơ sở dữ liệu có tài khoản dùng thử mà mật khẩu ai cũng biết"
HTTPS = {"BEHIND_TLS_PROXY": "yes", "PUBLIC_ORIGIN": "https://cham.example.vn"}
EVERYWHERE = ("--server.address", "0.0.0.0")  # noqa: S104  # what is tested


def said(folder: Path, told: Mapping[str, str], *options: str, port: int | None = None) -> str:
    """What a desk that must not start says on its way out."""
    environment = {**os.environ, "DATA_DIR": str(folder), "DATABASE_URL": "", **told}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port or free_port()), *options]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    (line,) = done.stderr.strip().splitlines()
    return line


def test_beyond_this_machine_there_is_https_or_nothing(tmp_path: Path) -> None:
    assert NEEDS_TLS in said(tmp_path, {}, *EVERYWHERE)
    assert not (tmp_path / "desk.db").exists()


def test_demo_accounts_stay_on_this_machine_until_told_twice(tmp_path: Path, demo_template: Path) -> None:
    folder = tmp_path / "var"
    shutil.copytree(demo_template, folder)
    assert HAS_DEMO in said(folder, HTTPS, *EVERYWHERE)
    assert HAS_DEMO in said(folder, {**HTTPS, "ALLOW_DEMO_ACCOUNTS": "yes"})  # a proxy on this machine reaches as far
    twice = {"ALLOW_DEMO_ACCOUNTS": "yes", "DEMO_PASSWORDS_ARE_PUBLIC": "yes"}
    with serving(folder, **HTTPS, **twice) as server:
        assert server.process.poll() is None


@pytest.mark.parametrize(
    "told, words",
    [
        ({"BEHIND_TLS_PROXY": "true"}, "BEHIND_TLS_PROXY"),
        (
            {"DATABASE_URL": "postgresql+psycopg://nobody@/none?host=/nowhere"},
            "Không có máy chủ PostgreSQL nào trả lời ở none (/nowhere",
        ),
    ],
)
def test_what_it_is_told_must_be_usable(tmp_path: Path, told: dict[str, str], words: str) -> None:
    assert words in said(tmp_path, told)


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        assert f"Port {taken} is not available" in said(tmp_path, {}, port=taken)


def test_a_film_that_was_replaced_is_named_in_the_log_before_anybody_asks(tmp_path: Path, demo_template: Path) -> None:
    folder = tmp_path / "var"
    shutil.copytree(demo_template, folder)
    replaced, *others = sorted((folder / "library").glob("*.mp4"))
    replaced.write_bytes(replaced.read_bytes()[::-1])
    with serving(folder) as server:
        until = time.monotonic() + SOON
        while f"{replaced.name} is not the file that was registered" not in server.localize():
            assert time.monotonic() < until, server.localize()
            time.sleep(0.05)
        assert not any(other.name in server.localize() for other in others)
