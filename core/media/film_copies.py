"""Copies of the library's films and posters, for backups: one folder that all backups beside it share, and the way back.

The folder mirrors the library: every file bears its library name, which for a film is its SHA-256, so a film is copied once however
often the database is. `SHA256SUMS` lists what lies there, for `sha256sum -c` and for the posters, whose hashes no table holds.
"""

import fcntl
import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from core.rules.words import Refusal, Sentence

BLOCK = 1 << 20
SUMS = "SHA256SUMS"
_PART = ".part"  # what is not whole yet; the next backup writes over it
_DIFFERS = "khác với mã băm đã ghi"
_SUM = re.compile(r"([0-9a-f]{64})  (.+)")


class CopiesInTheLibrary(Refusal):
    """Copies inside the library, or of it, would be lost with it."""

    def __init__(self, folder: Path) -> None:
        super().__init__("Thư mục {folder} nằm trong thư viện phim đang dùng; hãy chọn thư mục khác.", folder=folder)


class CopiesBusy(Refusal):
    """Another backup writes into the same folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__("Một lệnh backup khác đang chép phim vào {folder}; hãy đợi lệnh đó xong.", folder=folder)


@dataclass(frozen=True, slots=True)
class LibraryFile:
    """A file the library is to hold: of which work, its name there, and its SHA-256 where one is recorded (lower-case hex)."""

    code: str
    name: str
    sha256: str | None


@dataclass(slots=True)
class CopyReport:
    """How many files are right where they were to go, their bytes, how many of them came new, and what is wrong, by name."""

    files: int = 0
    bytes: int = 0
    new: int = 0
    problems: list[Sentence] = field(default_factory=list)


class _CannotRead(Exception):
    """The source of a copy cannot be read; the target has nothing to do with it."""

    def __init__(self, error: OSError) -> None:
        self.error = error
        super().__init__(str(error))


def copy_out(wanted: Iterable[LibraryFile], library: Path, folder: Path) -> CopyReport:
    """Bring `folder` up to the files of the library that are wanted; one that is missing or damaged is named and stops no other.

    Where the folder cannot be written (OSError: a full disk), what this call has added is taken away again.
    Raises CopiesInTheLibrary, CopiesBusy.
    """
    if folder.resolve().is_relative_to(library.resolve()):
        raise CopiesInTheLibrary(folder)
    report, made, added = CopyReport(), not folder.exists(), list[str]()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _exclusive(folder):
        sums = _sums(folder)
        try:
            for file in _unique(wanted, report):
                if not (folder / file.name).exists():
                    added.append(file.name)
                digest = _copy_out_one(file, library / file.name, folder, report)
                sums |= {file.name: digest} if digest else {}
            _write_sums(folder, sums)
        except BaseException:
            _undo(folder, added, made=made)
            raise
    return report


def copy_back(wanted: Iterable[LibraryFile], folder: Path, library: Path) -> CopyReport:
    """Bring the library up to the files that are wanted, from copies whose hashes are right; the rest is named.

    Raises OSError where the library cannot be written.
    """
    report, sums = CopyReport(), _sums(folder)
    library.mkdir(parents=True, exist_ok=True)
    for file in _unique(wanted, report):
        expected = file.sha256 or sums.get(file.name)
        if not _in_place(library / file.name, expected, report):
            _copy_back_one(file, expected, folder / file.name, library, report)
    return report


def check(wanted: Iterable[LibraryFile], library: Path) -> list[Sentence]:
    """What is missing in the library, cannot be read, or is not the file whose hash is recorded; each by work and name."""
    report = CopyReport()
    for file in _unique(wanted, report):
        try:
            right = _digest(library / file.name) == file.sha256 or file.sha256 is None
        except _CannotRead as broken:
            report.problems.append(_problem(file, _unreadable(library / file.name, broken)))
            continue
        if not right:
            report.problems.append(_problem(file, Sentence(_DIFFERS)))
    return report.problems


def _unique(wanted: Iterable[LibraryFile], report: CopyReport) -> Iterator[LibraryFile]:
    """Each file once; a name that would lead out of the folder is a problem."""
    seen: set[str] = set()
    for file in wanted:
        if file.name != Path(file.name).name or file.name.startswith("."):
            report.problems.append(_problem(file, Sentence("tên này không phải là tên tệp trong thư viện phim")))
        elif file.name not in seen:
            seen.add(file.name)
            yield file


def _copy_out_one(file: LibraryFile, source: Path, folder: Path, report: CopyReport) -> str | None:
    """The digest of the copy, made where there was none or a damaged one; None where the library's file is not right."""
    target = folder / file.name
    there = _digest_or_none(target)
    try:
        found = _digest(source) if there else _copy(source, folder / _PART)
        right = file.sha256 in (None, found)
        if right and there and found != there:  # the copy was damaged, or a poster was made anew
            found = _copy(source, folder / _PART)
    except _CannotRead as broken:
        report.problems.append(_problem(file, _unreadable(source, broken)))
        return None
    if not right:
        (folder / _PART).unlink(missing_ok=True)
        report.problems.append(_problem(file, _differs(folder) if there == file.sha256 else Sentence(_DIFFERS)))
        return None
    if found != there:
        (folder / _PART).replace(target)
        report.new += 1
    _count(target, report)
    return found


def _differs(folder: Path) -> Sentence:
    return Sentence("khác với mã băm đã ghi; bản sao trong {folder} còn đúng", {"folder": folder})


def _unreadable(source: Path, broken: _CannotRead) -> Sentence:
    if isinstance(broken.error, FileNotFoundError):
        return Sentence("không có trong {folder}", {"folder": source.parent})
    return Sentence("không đọc được ({why})", {"why": broken.error.strerror})


def _copy_back_one(file: LibraryFile, expected: str | None, source: Path, library: Path, report: CopyReport) -> None:
    try:
        found = _copy(source, library / _PART)
    except _CannotRead as broken:
        report.problems.append(_problem(file, _unreadable(source, broken)))
        return
    if expected not in (None, found):
        (library / _PART).unlink()
        report.problems.append(_problem(file, Sentence(_DIFFERS)))
        return
    (library / _PART).replace(library / file.name)
    report.new += 1
    _count(library / file.name, report)


def _in_place(path: Path, expected: str | None, report: CopyReport) -> bool:
    """Whether the library has the file already, as it is to be."""
    found = _digest_or_none(path)
    if found is None or expected not in (None, found):
        return False
    _count(path, report)
    return True


def _count(path: Path, report: CopyReport) -> None:
    report.files += 1
    report.bytes += path.stat().st_size


def _problem(file: LibraryFile, why: Sentence) -> Sentence:
    return Sentence("Tác phẩm {code}, tệp {file}: {why}.", {"code": file.code, "file": file.name, "why": why})


def _blocks(path: Path) -> Iterator[bytes]:
    """The file's content. Raises _CannotRead."""
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                yield block
    except OSError as error:
        raise _CannotRead(error) from error


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    for block in _blocks(path):
        digest.update(block)
    return digest.hexdigest()


def _digest_or_none(path: Path) -> str | None:
    try:
        return _digest(path)
    except _CannotRead:
        return None


def _copy(source: Path, part: Path) -> str:
    """Copy durably, for the owner's eyes alone, and give the SHA-256 of what was read."""
    digest, blocks = hashlib.sha256(), _blocks(source)
    first = next(blocks, b"")  # a source that is missing leaves no part
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as write:
            for block in chain([first], blocks):
                digest.update(block)
                write.write(block)
            write.flush()
            os.fsync(write.fileno())
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return digest.hexdigest()


def _sums(folder: Path) -> dict[str, str]:
    """The hashes that SHA256SUMS lists, by file name; none where there is no such list."""
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return {}
    return {found[2]: found[1] for line in lines if (found := _SUM.fullmatch(line))}


def _write_sums(folder: Path, sums: dict[str, str]) -> None:
    text = "".join(f"{sums[name]}  {name}\n" for name in sorted(sums) if (folder / name).is_file())
    with os.fdopen(os.open(folder / _PART, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    (folder / _PART).replace(folder / SUMS)
    names = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(names)
    finally:
        os.close(names)


def _undo(folder: Path, added: list[str], *, made: bool) -> None:
    for name in (_PART, *added):
        (folder / name).unlink(missing_ok=True)
    if made:
        (folder / ".lock").unlink(missing_ok=True)
        folder.rmdir()


@contextmanager
def _exclusive(folder: Path) -> Iterator[None]:
    """One backup at a time; the lock ends with the process."""
    with os.fdopen(os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise CopiesBusy(folder) from taken
        yield
