"""docs/security.md, Film files: a separate process with limits of time, memory and output, and without secrets."""

import threading
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from core.sandbox.pipes import Stopped
from core.sandbox.run import MAX_DATA, MAX_STDERR, Limits, NotStarted, run
from tests.sandbox.python_program import LIMITS, TWO_PROCESSES, Processes, python

ONE_SECOND = replace(LIMITS, wall_seconds=1)
ONE_MEBIBYTE = replace(LIMITS, output_bytes=1 << 20)


class TestTime:
    def test_is_limited(self) -> None:
        began = time.monotonic()
        outcome = run(["sleep", "30"], limits=ONE_SECOND)
        assert (outcome.status, outcome.stopped) == (None, Stopped.TIME)
        assert time.monotonic() - began < 10

    def test_is_limited_for_a_program_that_closed_its_pipes(self) -> None:
        code = "import os, time; [os.close(each) for each in (1, 2, 3, 4)]; time.sleep(30)"
        assert python(code, limits=ONE_SECOND).stopped is Stopped.TIME

    def test_is_limited_for_a_program_that_never_stops_writing_errors(self) -> None:
        code = "import os\nwhile True: os.write(2, bytes(65536))"
        assert python(code, limits=ONE_SECOND).stopped is Stopped.TIME

    @pytest.mark.timed
    def test_is_limited_for_child_processes(self) -> None:
        processes = Processes()
        limits = replace(LIMITS, wall_seconds=5)  # for two processes to begin on a busy machine
        assert python(TWO_PROCESSES, limits=limits, on_line=processes.note).stopped is Stopped.TIME
        assert len(processes.descriptors) == 2 and processes.have_ended(1)

    @pytest.mark.timed
    def test_a_child_process_does_not_outlive_the_program(self) -> None:
        processes = Processes()
        pause = "time.sleep(5 if os.getpid() == os.getpgid(0) else 60)"  # both have written and are watched by then
        code = TWO_PROCESSES.replace("time.sleep(30)", pause)
        began = time.monotonic()
        assert python(code, on_line=processes.note).status == 0
        assert len(processes.descriptors) == 2 and processes.have_ended(1)
        assert time.monotonic() - began < 10

    def test_of_the_processor_is_limited(self) -> None:
        outcome = python("while True: pass", limits=replace(LIMITS, cpu_seconds=1))
        assert (outcome.status, outcome.stopped) == (-9, None)


class TestCancelling:
    @pytest.mark.timed
    def test_kills_child_processes_too_within_a_second(self) -> None:
        processes = Processes()
        asked: list[float] = []

        def both_are_running() -> bool:
            if len(processes.descriptors) == 2:
                asked.append(time.monotonic())
            return len(processes.descriptors) == 2

        outcome = python(TWO_PROCESSES, on_line=processes.note, cancelled=both_are_running)
        assert time.monotonic() - asked[0] < 1
        assert (outcome.status, outcome.stopped) == (None, Stopped.CANCELLED)
        assert processes.have_ended(1)

    @pytest.mark.timed
    def test_is_asked_for_at_least_every_half_second(self) -> None:
        asked: list[float] = []

        def note() -> bool:
            asked.append(time.monotonic())
            return False

        run(["sleep", "30"], limits=replace(LIMITS, wall_seconds=2), cancelled=note)
        assert len(asked) > 4 and max(b - a for a, b in pairwise(asked)) < 0.5

    @pytest.mark.timed
    def test_works_while_the_program_writes(self) -> None:
        began = time.monotonic()
        code = "import os\nwhile True: os.write(2, bytes(65536))"
        outcome = python(code, cancelled=lambda: time.monotonic() > began + 1)
        assert outcome.stopped is Stopped.CANCELLED and time.monotonic() - began < 2

    def test_an_error_of_the_caller_kills_the_program(self) -> None:
        processes = Processes()

        def broken() -> bool:
            if processes.descriptors:
                raise ZeroDivisionError
            return False

        with pytest.raises(ZeroDivisionError):
            python(TWO_PROCESSES, on_line=processes.note, cancelled=broken)
        assert processes.have_ended(1)


class TestMemoryAndFiles:
    def test_memory_is_limited(self) -> None:
        outcome = python("bytearray(300 << 20)", limits=replace(LIMITS, memory_bytes=200 << 20))
        assert outcome.status == 1 and "MemoryError" in outcome.err
        assert python("bytearray(300 << 20)").status == 0

    def test_a_written_file_is_limited(self, tmp_path: Path) -> None:
        written = tmp_path / "out"
        code = "import sys; file = open(sys.argv[1], 'wb', 0); file.write(bytes(4 << 20)); file.write(bytes(1))"
        assert "too large" in python(code, written, limits=ONE_MEBIBYTE, writable=[tmp_path]).err
        assert written.stat().st_size == 1 << 20

    @pytest.mark.parametrize("name,number", [("PIPE", 13), ("XFSZ", 25)])
    def test_signals_that_an_interpreter_ignores_end_the_program(self, name: str, number: int) -> None:
        assert run(["sh", "-c", f"kill -s {name} $$"], limits=LIMITS).status == -number

    def test_it_leaves_no_core_dump_and_opens_few_files(self) -> None:
        code = "import resource as r; print(*r.getrlimit(r.RLIMIT_CORE), *r.getrlimit(r.RLIMIT_NOFILE))"
        assert python(code).out == b"0 0 64 64\n"


class TestOutput:
    def test_is_limited(self) -> None:
        began = time.monotonic()
        outcome = python("import os\nwhile True: os.write(1, bytes(65536))", limits=ONE_MEBIBYTE)
        assert (outcome.status, outcome.stopped, len(outcome.out)) == (None, Stopped.OUTPUT, 1 << 20)
        assert time.monotonic() - began < 10

    def test_can_be_received_in_blocks_up_to_the_same_limit(self) -> None:
        blocks: list[bytes] = []
        code = "import os\nwhile True: os.write(1, bytes(1000))"
        outcome = python(code, limits=ONE_MEBIBYTE, on_output=blocks.append)
        assert (outcome.out, outcome.stopped, sum(map(len, blocks))) == (b"", Stopped.OUTPUT, 1 << 20)

    def test_endless_error_output_is_cut_and_the_program_continues(self) -> None:
        outcome = python("import os; [os.write(2, bytes(50000)) for _ in range(100)]; print('whole')")
        assert (outcome.status, outcome.out, len(outcome.err)) == (0, b"whole\n", MAX_STDERR)

    def test_all_pipes_are_read_together(self) -> None:
        lines: list[str] = []
        data = bytearray()
        code = "import os; [os.write(each, b'x' * 999 + b'\\n') for _ in range(300) for each in (1, 2, 3, 4)]"
        outcome = python(code, on_line=lines.append, on_data=data.extend)
        assert (outcome.status, len(outcome.out), len(outcome.err), len(lines)) == (0, 300_000, 300_000, 300)
        assert data == (b"x" * 999 + b"\n") * 300

    def test_data_is_cut_at_its_limit_and_the_program_continues(self) -> None:
        data = bytearray()
        code = "import os; [os.write(4, bytes(50000)) for _ in range(100)]; print('whole')"
        outcome = python(code, on_data=data.extend)
        assert (outcome.status, outcome.out, len(data)) == (0, b"whole\n", MAX_DATA)

    @pytest.mark.timed
    def test_lines_come_while_the_program_runs(self) -> None:
        began = time.monotonic()
        times: dict[str, float] = {}
        code = "import os, time; os.write(3, 'bắt đầu\\n'.encode()); time.sleep(2); os.write(3, b'end')"
        outcome = python(code, on_line=lambda line: times.update({line: time.monotonic()}))
        assert outcome.status == 0 and list(times) == ["bắt đầu", "end"]
        assert times["bắt đầu"] - began < 1.5 < times["end"] - began

    def test_lines_that_nobody_receives_do_not_block_the_program(self) -> None:
        assert python("import os; [os.write(3, bytes(50000)) for _ in range(100)]").status == 0

    def test_the_program_has_no_input(self) -> None:
        assert python("import sys; print(repr(sys.stdin.read()))").out == b"''\n"


class TestStarting:
    def test_arguments_are_never_interpreted_by_a_shell(self) -> None:
        words = ["$(id)", "`id`", "; id", "a b", "", "-n", "*", "'\""]
        outcome = run(["printf", r"%s\n", *words], limits=LIMITS)
        assert outcome.out.decode().split("\n") == [*words, ""]

    def test_the_environment_of_the_desk_is_not_passed_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DATABASE_URL", "postgresql://desk:mat-khau@db/desk")
        outcome = python("import os; print(dict(os.environ))")
        assert b"LC_ALL" in outcome.out and b"mat-khau" not in outcome.out

    def test_no_other_file_of_the_desk_is_inherited(self, tmp_path: Path) -> None:
        with (tmp_path / "secret").open("w") as secret:
            code = "import os\nfor each in range(64):\n  try: os.fstat(each); print(each)\n  except OSError: pass"
            outcome = python(code)
            assert secret.fileno() > 2 and outcome.out.split() == [b"0", b"1", b"2", b"3", b"4"]

    def test_a_program_that_does_not_exist_is_not_started(self) -> None:
        with pytest.raises(NotStarted, match="khong-co"):
            run(["khong-co"], limits=LIMITS)

    def test_a_file_that_is_not_a_program_is_not_started(self, tmp_path: Path) -> None:
        text = tmp_path / "text"
        text.write_text("no program")
        text.chmod(0o700)
        with pytest.raises(NotStarted, match="format"):
            run([text], limits=LIMITS)

    def test_it_runs_beside_threads(self) -> None:
        """No Python code of this process runs between fork and exec, where another thread may hold a lock."""
        lines: list[str] = []
        statuses: list[int | None] = []

        def start(number: int) -> None:
            statuses.append(python(f"import os; os.write(3, b'{number}')", on_line=lines.append).status)

        threads = [threading.Thread(target=start, args=(number,)) for number in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        assert statuses == [0] * 16 and sorted(map(int, lines)) == list(range(16))


@pytest.mark.parametrize("name", ["wall_seconds", "cpu_seconds", "memory_bytes", "output_bytes"])
@pytest.mark.parametrize("value", [0, -1])
def test_there_is_no_run_without_a_limit(name: str, value: int) -> None:
    """-1 would be "no limit" for the kernel."""
    values = {"wall_seconds": 1, "cpu_seconds": 1, "memory_bytes": 1, "output_bytes": 1, name: value}
    with pytest.raises(ValueError, match=name):
        Limits(**values)
