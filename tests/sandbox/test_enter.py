"""docs/security.md, Film files: what the program cannot reach, and that it never starts without its limits."""

import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.sandbox import enter
from core.sandbox.enter import FAILED, STARTED, landlock_version
from core.sandbox.run import INTERPRETER, NotStarted, run
from tests.sandbox.python_program import LIMITS, PYTHON, STANDARD_LIBRARY, Processes, python

ROOT = Path(__file__).resolve().parents[2]
VERSION = landlock_version()
READ = "import sys; print(open(sys.argv[1]).read())"
WRITE = "import sys; open(sys.argv[1], 'wb', 0).write(b'written')"
SECRET = "mat-khau-cua-co-so-du-lieu"


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file of the desk's user that is not the program's."""
    path = tmp_path / "desk.db"
    path.write_text(SECRET)
    return path


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A listening socket on this machine that never waits for a connection."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        found.listen()
        found.setblocking(False)
        yield found


class TestFiles:
    """Each test has a planted file; on a kernel without Landlock it is reached, as docs/security.md says."""

    def test_a_file_that_was_not_given_cannot_be_read(self, secret: Path) -> None:
        outcome = python(READ, secret)
        assert (SECRET in outcome.out.decode()) == (VERSION == 0)
        assert ("PermissionError" in outcome.err) == (VERSION > 0)

    def test_nor_through_a_link_or_the_file_beside_it(self, secret: Path, tmp_path: Path) -> None:
        film = tmp_path / "film.mp4"
        film.write_text("film")
        link = tmp_path / "link.mp4"
        link.symlink_to(secret)
        for path in (link, film.with_name("x") / ".." / "desk.db", secret):
            assert (SECRET in python(READ, path, readable=[film]).out.decode()) == (VERSION == 0 and path != film)

    def test_a_file_that_was_given_can_be_read(self, secret: Path, tmp_path: Path) -> None:
        link = tmp_path / "link"
        link.symlink_to(secret)
        assert SECRET in python(READ, secret, readable=[secret]).out.decode()
        assert SECRET in python(READ, secret, readable=[tmp_path]).out.decode()
        assert SECRET in python(READ, link, readable=[link]).out.decode()

    def test_nothing_is_written_outside(self, secret: Path, tmp_path: Path) -> None:
        new = tmp_path / "new"
        for path in (new, secret):
            assert python(WRITE, path, readable=[tmp_path]).status != 0
        assert not new.exists() or new.read_text() == ""
        assert (VERSION == 0) == new.exists()
        assert (secret.read_text() == SECRET) == (VERSION > 0)

    def test_nothing_is_removed_or_renamed_outside(self, secret: Path) -> None:
        if VERSION == 0:
            assert python("import os, sys; os.unlink(sys.argv[1])", secret).status == 0
            return
        for code in (
            "os.unlink(sys.argv[1])",
            "os.rename(sys.argv[1], sys.argv[1] + '2')",
            "os.truncate(sys.argv[1], 0)",
        ):
            assert "PermissionError" in python(f"import os, sys; {code}", secret).err
        assert secret.read_text() == SECRET

    def test_a_folder_that_was_given_can_be_written(self, tmp_path: Path, secret: Path) -> None:
        folder = tmp_path / "writable"
        folder.mkdir()
        code = "import os; os.mkdir('d'); open('d/f', 'w').write('x'); os.rename('d/f', 'g'); os.rmdir('d'); print(open('g').read())"
        outcome = python(f"import os, sys; os.chdir(sys.argv[1]); {code}", folder, writable=[folder])
        assert (outcome.status, outcome.out) == (0, b"x\n")
        assert ("PermissionError" in python(WRITE, secret, writable=[folder]).err) == (VERSION > 0)

    def test_a_path_that_was_given_and_is_not_there_stops_it(self, tmp_path: Path) -> None:
        if VERSION > 0:
            with pytest.raises(NotStarted, match="khong-co"):
                python("", readable=[tmp_path / "khong-co"])

    def test_no_other_program_can_be_executed(self) -> None:
        outcome = python("import os; os.execv('/bin/sh', ['sh', '-c', 'echo executed'])")
        assert (outcome.out == b"executed\n") == (VERSION == 0)


class TestOtherProcesses:
    def test_no_tcp_connection_leaves_it(self, listener: socket.socket) -> None:
        code = "import socket, sys; socket.create_connection(('127.0.0.1', int(sys.argv[1])))"
        outcome = python(code, str(listener.getsockname()[1]))
        if VERSION >= 4:
            assert "PermissionError" in outcome.err
            with pytest.raises(BlockingIOError):
                listener.accept()
        else:
            assert outcome.status == 0
            listener.accept()[0].close()

    def test_it_does_not_listen(self) -> None:
        outcome = python("import socket; socket.socket().bind(('127.0.0.1', 0))")
        assert ("PermissionError" in outcome.err) == (VERSION >= 4)

    def test_it_sends_no_signal_to_other_processes(self) -> None:
        with subprocess.Popen(["sleep", "30"]) as other:
            outcome = python("import os, sys; os.kill(int(sys.argv[1]), 9)", str(other.pid))
            assert (other.poll() is None) == (VERSION >= 6) == ("PermissionError" in outcome.err)
            other.kill()

    def test_it_gains_no_privileges_and_has_a_low_priority(self) -> None:
        code = "import ctypes, os; print(ctypes.CDLL(None).prctl(39, 0, 0, 0, 0), os.nice(0))"
        assert python(code).out.decode() == f"1 {min(19, os.nice(0) + 10)}\n"


PARENT = """
import sys
from tests.sandbox.python_program import python
python("import os, time; os.write(3, b'%d\\\\n' % os.getpid()); time.sleep(30)", on_line=lambda line: print(line, flush=True))
"""


def test_it_dies_with_the_desk() -> None:
    processes = Processes()
    with subprocess.Popen([sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        processes.note(parent.stdout.readline())
        assert not processes.have_ended(0)
        parent.send_signal(signal.SIGKILL)
        assert processes.have_ended(2)


def test_a_lower_limit_of_the_desk_itself_stays() -> None:
    fault = "enter.resource.setrlimit(enter.resource.RLIMIT_NOFILE, (50, 50))"
    code = "import resource; print(*resource.getrlimit(resource.RLIMIT_NOFILE))"
    assert with_fault(fault, str(PYTHON), "-I", "-S", "-c", code) == (0, STARTED, b"50 50\n")


class TestFailures:
    """A program that would print a word does not print it."""

    @pytest.mark.parametrize("name", ["cpu_seconds", "memory_bytes", "output_bytes"])
    def test_a_limit_that_cannot_be_set_stops_it(self, name: str, tmp_path: Path) -> None:
        lines: list[str] = []
        limits = replace(LIMITS, **{name: 1 << 70})
        with pytest.raises(NotStarted, match="Error"):
            python("import os; os.write(3, b'started')", limits=limits, writable=[tmp_path], on_line=lines.append)
        assert lines == []

    @pytest.mark.parametrize(
        "fault",
        [
            "enter.LIBC.prctl = lambda option, *_: option == 1",
            "enter.LIBC.prctl = lambda option, *_: option == 38",
            "os.getppid = lambda: 1",
            "os.nice = None",
            "enter.resource.setrlimit = None",
            "enter.LIBC.signal = lambda *_: -1",
            "enter.landlock_version = lambda: 7; enter._system_call = lambda number, *_: -(number == 444)",
            "enter.landlock_version = lambda: 7; enter._system_call = lambda number, *_: -(number == 445)",
            "enter.landlock_version = lambda: 7; enter._system_call = lambda number, *_: -(number == 446) or os.dup(0)",
        ],
    )
    def test_a_step_that_fails_stops_it(self, fault: str) -> None:
        assert with_fault("pass", "/bin/echo", "started") == (0, STARTED, b"started\n")
        status, report, out = with_fault(fault, "/bin/echo", "started")
        assert status == FAILED and out == b"" and b"Error: " in report and STARTED not in report

    def test_a_parent_that_has_ended_already_stops_it(self) -> None:
        status, report, out = with_fault("pass", "/bin/echo", "started", parent=1 << 22)
        assert (status, out) == (FAILED, b"") and b"the parent process has ended" in report

    def test_an_interpreter_that_fails_is_no_fault_of_the_program(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("core.sandbox.run.INTERPRETER", (*INTERPRETER[:-1], "/khong-co.py"))
        with pytest.raises(NotStarted, match=r"khong-co\.py"):
            run(["true"], limits=LIMITS)


class TestWithoutLandlock:
    """What a kernel without Landlock does: other files can be read, all other limits hold."""

    FAULT = "enter.landlock_version = lambda: 0"

    def test_the_program_goes_on(self, secret: Path) -> None:
        assert with_fault(self.FAULT, "/bin/cat", str(secret)) == (0, STARTED, SECRET.encode())
        if VERSION > 0:
            assert with_fault("pass", "/bin/cat", str(secret)) == (1, STARTED, b"")

    def test_nothing_is_written(self, tmp_path: Path) -> None:
        written = tmp_path / "written"
        command = (str(PYTHON), "-I", "-S", "-c", WRITE, str(written))
        assert with_fault(self.FAULT, *command)[0] != 0 and written.read_text() == ""
        assert with_fault(self.FAULT, *command, size=100)[0] == 0 and written.read_text() == "written"

    def test_only_a_program_that_may_write_has_a_file_size(self, tmp_path: Path) -> None:
        code = "import resource; print(*resource.getrlimit(resource.RLIMIT_FSIZE))"
        assert python(code).out == b"0 0\n"
        assert python(code, writable=[tmp_path]).out.split() == [str(LIMITS.output_bytes).encode()] * 2

    def test_the_version_is_0(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(enter, "_system_call", lambda *_: -1)
        assert landlock_version() == 0


def with_fault(fault: str, *command: str, parent: int | None = None, size: int = 0) -> tuple[int, bytes, bytes]:
    """Run `enter.main` in an interpreter where these statements were executed first: status, report, stdout.

    `size`: how many bytes the program may write to a file.
    """
    code = (
        "import importlib.util, os, sys\n"
        "spec = importlib.util.spec_from_file_location('enter', sys.argv[1])\n"
        "enter = importlib.util.module_from_spec(spec)\n"
        "spec.loader.exec_module(enter)\n"
        f"{fault}\n"
        "enter.main(sys.argv[2:])\n"
    )
    report, write_report = os.pipe()
    lines, write_lines = os.pipe()
    data, write_data = os.pipe()
    numbers = [parent or os.getpid(), write_report, write_lines, write_data, 1 << 30, 10, size, 1, 0]
    words = [sys.executable, "-I", "-S", "-c", code, enter.__file__, *map(str, numbers), str(STANDARD_LIBRARY)]
    pass_fds = (write_report, write_lines, write_data)
    done = subprocess.run([*words, *command], pass_fds=pass_fds, capture_output=True, timeout=30, check=False)
    for descriptor in pass_fds:
        os.close(descriptor)
    content = os.read(report, 1000) if select.select([report], [], [], 0)[0] else b""
    for descriptor in (report, lines, data):
        os.close(descriptor)
    return done.returncode, content, done.stdout
