"""The files of a bundle of evidence (docs/evidence.md): what each holds, and the bundle as a folder or a ZIP.

Every file is a stream of byte strings, so a ledger of any length needs little memory. The same contents always give the
same bytes.
"""

import json
import os
import shutil
import tempfile
import time
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import msgspec

from core.settings import ROOT
from core.store.ledger import Row

VERSION = 1
VERIFIERS = ROOT / "data" / "evidence"
HOUR_S = 3600
EARLIEST = (1980, 1, 1, 0, 0, 0)  # the earliest date that a ZIP can state
Files = Iterable[tuple[str, Iterable[bytes]]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a bundle is made of. Texts are the stored ones, unchanged; `key` is a C2SP verifier key."""

    contest: str  # its key
    rule_card: str
    notes: Mapping[int, str]  # size of a checkpoint -> its signed note
    key: str
    document: str

    @property
    def rows(self) -> int:
        """The number of rows that the newest checkpoint covers."""
        return max(self.notes)


class _Standing(msgspec.Struct):
    code: str
    place: int | None
    score: int | None
    sheets: int


class _Award(msgspec.Struct):
    prize: str
    code: str
    amount: int


class _Section(msgspec.Struct):
    key: str
    score_places: int
    standings: list[_Standing]
    awards: list[_Award]


class _Document(msgspec.Struct):
    """The fields that the tables need. The sheets, most of a document, are skipped."""

    sections: list[_Section]


def files(evidence: Evidence, rows: Iterable[Row]) -> Files:
    """The files of the bundle by name, in order. `rows`: the first `Evidence.rows` rows of the result chain."""
    sections = msgspec.json.decode(evidence.document, type=_Document).sections
    about = {"checkpoints": sorted(evidence.notes), "contest": evidence.contest, "format": "ban-giam-khao-evidence"}
    made: dict[str, Iterable[bytes]] = {
        "bundle.json": _text(_canonical({**about, "rows": evidence.rows, "version": VERSION}) + "\n"),
        "ledger.jsonl": (f"{row.text}\n".encode() for row in rows),
        "rule-card.json": _text(evidence.rule_card),
        "key.txt": _text(f"{evidence.key}\n"),
        "document.json": _text(evidence.document),
        "standings.csv": _standings(sections),
        "awards.csv": _awards(sections),
    }
    made |= {f"checkpoint-{size:07}.txt": _text(note) for size, note in evidence.notes.items()}
    made |= {path.name: [path.read_bytes()] for path in VERIFIERS.glob("verify.*")}
    return sorted(made.items())


def proof(row: str, path: Iterable[bytes], note: str) -> bytes:
    """The proof that a checkpoint covers a row, without the other rows: its text, the inclusion path, the signed note."""
    return (_canonical({"checkpoint": note, "path": [each.hex() for each in path], "row": row}) + "\n").encode()


def write_folder(made: Files, target: Path) -> None:
    """Write the files into a new folder, which appears when it is complete. Raises FileExistsError."""
    if target.exists():
        raise FileExistsError(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        for name, chunks in made:
            with (part / name).open("wb") as file:
                file.writelines(chunks)
        part.chmod(0o755)
        part.rename(target)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def write_zip(made: Files, target: Path) -> None:
    """Write the files into a ZIP, which appears, or replaces an earlier one, when it is complete."""
    with _appearing(target) as file, zipfile.ZipFile(file, "w") as archive:
        for name, chunks in made:
            _add(archive, name, chunks)


def remove_older(folder: Path, newest: Path) -> None:
    """Remove the bundles of `folder` that `newest` replaces. One made within the last hour may still be downloaded."""
    for path in folder.glob("chung-cu-*.zip"):
        with suppress(FileNotFoundError):
            if path != newest and time.time() - path.stat().st_mtime > HOUR_S:
                path.unlink()


def write_file(content: bytes, target: Path) -> None:
    """Write one file, which appears, or replaces an earlier one, when it is complete."""
    with _appearing(target) as file:
        file.write(content)


@contextmanager
def _appearing(target: Path) -> Iterator[IO[bytes]]:
    """A file under another name, which gets this name at the end of the block, or is removed on an error."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        part.chmod(0o644)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _add(archive: zipfile.ZipFile, name: str, chunks: Iterable[bytes]) -> None:
    about = zipfile.ZipInfo(name, EARLIEST)
    about.compress_type, about.create_system, about.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
    with archive.open(about, "w", force_zip64=name == "ledger.jsonl") as file:
        for chunk in chunks:
            file.write(chunk)


def _standings(sections: Iterable[_Section]) -> Iterator[bytes]:
    yield b"section,place,code,score,sheets\n"
    for section in sections:
        for row in section.standings:
            score = _decimal(row.score, section.score_places)
            yield f"{section.key},{row.place or ''},{row.code},{score},{row.sheets}\n".encode()


def _awards(sections: Iterable[_Section]) -> Iterator[bytes]:
    yield b"section,prize,code,amount\n"
    for section in sections:
        for row in section.awards:
            yield f"{section.key},{row.prize},{row.code},{row.amount}\n".encode()


def _decimal(score: int | None, places: int) -> str:
    """A score in units of 10**-places, with a point: 8850 of two places is "88.50"."""
    if score is None or not places:
        return "" if score is None else str(score)
    digits = str(score).zfill(places + 1)
    return f"{digits[:-places]}.{digits[-places:]}"


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _text(text: str) -> list[bytes]:
    return [text.encode()]
