"""Copies the library's films and posters to a backup folder and back. All backups of the database share one folder.

The copies have the same names as in the library. A film's name is its SHA-256, so a film is copied only once, however
often the database is backed up. `SHA256SUMS` lists the copies, for `sha256sum -c` and because no table has the posters'
hashes.
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
_PART = ".part"  # an incomplete file; the next backup overwrites it
_DIFFERS = "khác với mã băm đã ghi"
_SUM = re.compile(r"([0-9a-f]{64})  (.+)")


class CopiesInTheLibrary(Refusal):
    """The folder for the copies is the library or lies inside it, so both would be lost together."""

    def __init__(self, folder: Path) -> None:
        super().__init__("Thư mục {folder} nằm trong thư viện phim đang dùng; hãy chọn thư mục khác.", folder=folder)


class CopiesBusy(Refusal):
    """Another backup is writing into the same folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__("Một lệnh backup khác đang chép phim vào {folder}; hãy đợi lệnh đó xong.", folder=folder)


@dataclass(frozen=True, slots=True)
class LibraryFile:
    """A file that the library should contain: its work's code, its name, and its recorded SHA-256, if any (hex)."""

    code: str
    name: str
    sha256: str | None


@dataclass(slots=True)
class CopyReport:
    """The result of a copy: correct files at the target, their bytes, how many of them are new, and the problems."""

    files: int = 0
    bytes: int = 0
    new: int = 0
    problems: list[Sentence] = field(default_factory=list)


class _CannotRead(Exception):
    """The source of a copy cannot be read. Kept apart from an OSError of the target."""

    def __init__(self, error: OSError) -> None:
        self.error = error
        super().__init__(str(error))


def copy_out(wanted: Iterable[LibraryFile], library: Path, folder: Path) -> CopyReport:
    """Copy the wanted files of the library to `folder`, unless a correct copy is already there.

    A missing or damaged file becomes a problem in the report; the others are still copied. If the folder cannot be
    written (OSError, for example a full disk), the files that this call has added are removed.
    Raises CopiesInTheLibrary, CopiesBusy, OSError.
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
    """Copy the wanted files back to the library if their hashes match; other files become problems in the report.

    Raises OSError if the library cannot be written.
    """
    report, sums = CopyReport(), _sums(folder)
    library.mkdir(parents=True, exist_ok=True)
    for file in _unique(wanted, report):
        expected = file.sha256 or sums.get(file.name)
        if not _in_place(library / file.name, expected, report):
            _copy_back_one(file, expected, folder / file.name, library, report)
    return report


def check(wanted: Iterable[LibraryFile], library: Path) -> list[Sentence]:
    """The problems of the library: files that are missing, unreadable, or differ from their recorded hash.

    Each sentence names the work and the file.
    """
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
    """Each file once, by name. A name with a folder in it, or a hidden file's name, becomes a problem."""
    seen: set[str] = set()
    for file in wanted:
        if file.name != Path(file.name).name or file.name.startswith("."):
            report.problems.append(_problem(file, Sentence("tên này không phải là tên tệp trong thư viện phim")))
        elif file.name not in seen:
            seen.add(file.name)
            yield file


def _copy_out_one(file: LibraryFile, source: Path, folder: Path, report: CopyReport) -> str | None:
    """Copy one file unless a correct copy exists. Returns its SHA-256; None if the library's file is not correct."""
    target = folder / file.name
    there = _digest_or_none(target)
    try:
        found = _digest(source) if there else _copy(source, folder / _PART)
        right = file.sha256 in (None, found)
        if right and there and found != there:  # the copy was damaged, or a poster was replaced
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
    """True if the file exists with the expected hash (any, if None); it is then counted in the report."""
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
    """The file's content in blocks. Raises _CannotRead."""
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
    """Copy to `part`, readable by the owner only, and fsync it. Returns the SHA-256 of the content."""
    digest, blocks = hashlib.sha256(), _blocks(source)
    first = next(blocks, b"")  # a missing source raises here, before `part` is created
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
    """The hashes listed in SHA256SUMS, by file name; empty if the file does not exist."""
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
    """Hold the folder's file lock, so that only one backup writes at a time. Raises CopiesBusy."""
    with os.fdopen(os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise CopiesBusy(folder) from taken
        yield
