"""Configurations with which the server must not start: one line, exit status 1, no stack trace."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.serving.servers import ROOT, free_port, serving

NEEDS_TLS = "Máy chủ không mở ra ngoài máy này khi chưa có HTTPS"
HAS_DEMO = "Cơ sở dữ liệu có tài khoản dùng thử mà mật khẩu ai cũng biết"
HTTPS = {"BEHIND_TLS_PROXY": "yes", "PUBLIC_ORIGIN": "https://cham.example.vn"}
EVERYWHERE = ("--server.address", "0.0.0.0")  # noqa: S104  # what is tested


def start_refusal(folder: Path, variables: Mapping[str, str], *options: str, port: int | None = None) -> str:
    """The output of a desk that must not start."""
    environment = {**os.environ, "DATA_DIR": str(folder), "DATABASE_URL": "", **variables}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port or free_port()), *options]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    (line,) = done.stderr.strip().splitlines()
    return line


def test_beyond_this_machine_https_is_required(tmp_path: Path) -> None:
    assert NEEDS_TLS in start_refusal(tmp_path, {}, *EVERYWHERE)
    assert not (tmp_path / "desk.db").exists()


def test_demo_accounts_beyond_this_machine_need_a_second_setting(tmp_path: Path, demo_template: Path) -> None:
    folder = tmp_path / "var"
    shutil.copytree(demo_template, folder)
    assert HAS_DEMO in start_refusal(folder, HTTPS, *EVERYWHERE)
    assert HAS_DEMO in start_refusal(folder, {**HTTPS, "ALLOW_DEMO_ACCOUNTS": "yes"})  # the proxy makes it public
    twice = {"ALLOW_DEMO_ACCOUNTS": "yes", "DEMO_PASSWORDS_ARE_PUBLIC": "yes"}
    with serving(folder, **HTTPS, **twice) as server:
        assert server.process.poll() is None


@pytest.mark.parametrize(
    "variables, words",
    [
        ({"BEHIND_TLS_PROXY": "true"}, "BEHIND_TLS_PROXY"),
        (
            {"DATABASE_URL": "postgresql+psycopg://nobody@/none?host=/nowhere"},
            "Không có máy chủ PostgreSQL nào trả lời ở none (/nowhere",
        ),
    ],
)
def test_unusable_settings_are_refused(tmp_path: Path, variables: dict[str, str], words: str) -> None:
    assert words in start_refusal(tmp_path, variables)


def test_a_signing_key_that_is_none_is_refused_and_left(tmp_path: Path, demo_template: Path) -> None:
    folder = tmp_path / "var"
    shutil.copytree(demo_template, folder)
    (folder / "signing.key").write_text("x")
    assert f"Không dùng được tệp khóa ký {folder / 'signing.key'}" in start_refusal(folder, {})
    assert (folder / "signing.key").read_text() == "x"


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        assert f"Port {taken} is not available" in start_refusal(tmp_path, {}, port=taken)


def test_a_replaced_film_is_named_in_the_log_before_any_request(tmp_path: Path, demo_template: Path) -> None:
    folder = tmp_path / "var"
    shutil.copytree(demo_template, folder)
    replaced, *others = sorted((folder / "library").glob("*.mp4"))
    replaced.write_bytes(replaced.read_bytes()[::-1])
    with serving(folder) as server:
        until = time.monotonic() + 60
        while f"{replaced.name} is not the file that was registered" not in server.output():
            assert time.monotonic() < until, server.output()
            time.sleep(0.05)
        assert not any(other.name in server.output() for other in others)
