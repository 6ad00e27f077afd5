"""Keeping the contest safe: verify, back up, restore, limit the role that serves it. For whoever holds the machine."""

import re
import unicodedata
from dataclasses import dataclass, field, replace
from pathlib import Path

from core.desk import context
from core.desk.context import NoContest
from core.desk.judging.film_files import poster_hash
from core.desk.maintenance import confirmed_check
from core.desk.maintenance.conduct import conduct_of
from core.desk.text_input.text_files import NoSuchFile
from core.media import film_copies
from core.media.film_copies import CopyReport, LibraryFile
from core.rules.contest import Contest
from core.rules.contest_file.reader import stored
from core.rules.rule_card import card
from core.rules.words import Refusal, Sentence
from core.settings import Settings
from core.store import backup as copies
from core.store.database.connection_errors import explained_errors
from core.store.engine import Store
from core.store.ledger import Heads
from core.store.migrate import OnMigration, older_revision, open_database
from core.store.postgresql.grants import FilesHaveOwners, give
from core.store.queries.contest_row import contest_row
from core.store.verification.verify import Connection, Noted, Verdict
from core.store.verification.verify import verify as checked

FILMS = "backup-films"  # the folder beside the backups that has the films of all of them
LEAST_DIGITS = 16  # of a noted hash
# A row with its hash: a receipt or "187:7f3a…"; then what papers and `verify` print, in either language: "… 187, … 7f3a…".
_ROW = re.compile(r"\W*#\s*(?P<row>\d+)\W+(?P<hash>.*)|\W*(?P<row2>\d+)\s*[·•‧∙⋅:]\s*(?P<hash2>.*)", re.DOTALL)
_PRINTED = re.compile(r"(?P<row>\d+)(?: \w+)?, (?:\w+ ){1,3}(?P<hash>[0-9a-fA-F]{16,64})\b")


class DoesNotVerify(Refusal):
    """The database is not as it was written."""

    def __init__(self, first: Sentence, more: int) -> None:
        super().__init__("Kiểm tra thấy sai: {first} (và {more} lỗi khác).", first=first, more=more)


class AnotherHead(Refusal):
    """What was restored is whole, but it is not the backup that was asked for."""

    def __init__(self, head: str) -> None:
        super().__init__(
            "Bản vừa khôi phục có mã sổ cái {head}, khác với mã được yêu cầu; đừng dùng cơ sở dữ liệu này.", head=head
        )


class TooLittleNoted(Refusal):
    """What was noted down is no hash, or so little of one that some row would bear it by chance."""

    def __init__(self, noted: str) -> None:
        super().__init__(
            "“{noted}” không phải là mã sổ cái; cần số dòng và mã như trên biên nhận (ví dụ #187 · 7f3a-91c2-08d4-5be1), "
            "hoặc ít nhất {least} chữ số đầu của mã, gồm 0–9 và a–f.",
            noted=noted[:80],
            least=LEAST_DIGITS,
        )


class NoTilde(Refusal):
    """A shell would have put a home folder in the place of ~; here it would be a folder of that name."""

    def __init__(self, path: Path) -> None:
        super().__init__("Đường dẫn {path} bắt đầu bằng ~; hãy viết đường dẫn đầy đủ.", path=path)


class FilmsNotCopied(Refusal):
    """The disk takes no more films."""

    def __init__(self, folder: Path, why: str | None) -> None:
        super().__init__("Không chép được phim vào {folder} ({why}); không có gì được sao lưu.", folder=folder, why=why)


class FilmsNotBroughtBack(Refusal):
    """The database is restored; its films are not all there."""

    def __init__(self, source: Path, library: Path, why: str | None) -> None:
        super().__init__(
            "Cơ sở dữ liệu đã khôi phục, nhưng không ghi được phim vào {library} ({why}); "
            "hãy chép tiếp các tệp trong {source} vào đó.",
            source=source,
            library=library,
            why=why,
        )


@dataclass(frozen=True, slots=True)
class Kept:
    """A copy that verifies: how long each chain of its ledger is, the hash of its last row, and what became of its films."""

    rows: int  # of the result chain
    head: str  # hex
    audit_rows: int
    audit_head: str
    films: CopyReport | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class RestoredOlder:
    """A database of an older schema, put back as it was kept and not verified; and what became of its films."""

    revision: str
    films: CopyReport


def of_a_contest(store: Store) -> None:
    """Raises NoContest: where nothing lies, nothing is verified or kept, however well that would go."""
    with store.read() as connection:
        if contest_row(connection) is None:
            raise NoContest


def noted_hash(text: str) -> Noted:
    """Read a ledger hash as it is printed anywhere: `#187 · 7f3a-91c2-08d4-5be1`, or its digits in any grouping and case.

    Spaces, dashes, dots and invisible characters between the digits mean nothing. Raises TooLittleNoted for fewer
    digits than prove anything, more than a hash has, or other letters.
    """
    plain = unicodedata.normalize("NFKC", "".join(each for each in text if unicodedata.category(each) != "Cf"))
    number, rest = _row_and_hash(plain)
    digits = "".join(each for each in rest.lower() if not _is_separator(each))
    if not re.fullmatch(f"[0-9a-f]{{{LEAST_DIGITS},64}}", digits):
        raise TooLittleNoted(text)
    return Noted(None if number is None else int(number), digits)


def _row_and_hash(text: str) -> tuple[str | None, str]:
    """The number of a row where the text names one, and what should be its hash. Of several rows the first."""
    if printed := _PRINTED.search(" ".join(text.split())):
        return printed["row"], printed["hash"]
    if found := _ROW.fullmatch(text):
        return found["row"] or found["row2"], found["hash"] or found["hash2"] or ""
    return None, text


def _is_separator(letter: str) -> bool:
    """Whether this only parts the digits of a hash: a space, a dash, a dot, a quotation mark."""
    kind = unicodedata.category(letter)
    return letter != "#" and (kind in {"Zs", "Cc", "Pd", "Pc", "Po", "Ps", "Pe", "Pi", "Pf"} or letter in "−⋅∙")


def verify(store: Store, noted: str | None = None, library: Path | None = None) -> Verdict:
    """Everything found wrong: the chain, the tables against the ledger, its conduct, the confirmed table, the guards.

    `noted`: a ledger hash written down earlier, whole or its beginning, as printed (see `noted_hash`), which the ledger must
    still hold. With `library`, the films and posters there are read whole and held to their hashes.
    """
    asked = None if noted is None else noted_hash(noted)
    with store.read() as connection:
        verdict, wanted = _verdict(connection, asked), _library_files(connection)
    broken = [] if library is None else film_copies.check(wanted, library)
    return replace(verdict, findings=(*verdict.findings, *broken))


def backup(store: Store, path: Path, library: Path | None = None, films: Path | None = None) -> Kept:
    """Copy the database to a new file that verifies; what has been confirmed to anybody before this began is in it.

    With a `library`, its films and posters are copied into the folder `films` first, by default the one beside `path` that
    all backups there share. A film that is missing or damaged is a problem of the answer, and stops neither.
    Raises NoTilde, DoesNotVerify, FilmsNotCopied, and what `core.store.backup.database_copy` and `film_copies.copy_out` raise.
    """
    there: list[tuple[Kept, list[LibraryFile]]] = []
    folder = films_folder(path, films)
    _refuse_tilde(path, folder)
    with copies.database_copy(
        store, path, lambda connection: there.append((_good(connection), _library_files(connection)))
    ):
        kept, wanted = there[0]
        if library is None:
            return kept
        try:
            return replace(kept, films=film_copies.copy_out(wanted, library, folder))
        except OSError as full:
            raise FilmsNotCopied(folder, full.strerror) from full


def restore(path: Path, settings: Settings, head: str | None, films: Path | None = None) -> Kept | RestoredOlder:
    """Put a backup back where no database lies and verify it, to `head` where one is asked for.

    One of an older schema is put back as it is, neither upgraded nor verified; one that this release cannot read or upgrade
    is refused, and nothing is left of it: DatabaseFromLater, TrialDatabase.
    Then its films are brought into the library from the folder `films`, by default the one beside `path`; what is missing or
    damaged there is a problem of the answer. `head` without a row's number is the last row's hash; with one, that row's.
    """
    noted = None if head is None else noted_hash(head)
    folder = films_folder(path, films)
    _refuse_tilde(path, folder)
    if not path.is_file():
        raise NoSuchFile(path)
    store = copies.put_back(path, settings.database_url)
    try:
        with explained_errors(store.url), store.read() as connection:
            older = older_revision(connection)
            kept = None if older else _good(connection, noted if noted and noted.row else None)
            wanted = _library_files(connection)
    finally:
        store.close()
    if (
        kept
        and noted
        and not noted.row
        and not any(head.startswith(noted.digits) for head in (kept.head, kept.audit_head))
    ):
        raise AnotherHead(kept.head)
    try:
        report = film_copies.copy_back(wanted, folder, settings.library)
    except OSError as full:
        raise FilmsNotBroughtBack(folder, settings.library, full.strerror) from full
    return replace(kept, films=report) if kept else RestoredOlder(str(older), report)


def films_folder(path: Path, films: Path | None) -> Path:
    """Where the films of a backup lie: `films`, or the folder beside it that all backups there share."""
    return films or path.parent / FILMS


def _refuse_tilde(*paths: Path) -> None:
    for path in paths:
        if str(path).startswith("~"):
            raise NoTilde(path)


def _library_files(connection: Connection) -> list[LibraryFile]:
    """The films of the works and their posters, each as the library names it. Read from a restored older schema too."""
    files = []
    for code, video, sha256, poster in copies.library_files(connection):
        files += [LibraryFile(code, video, sha256)] if video else []
        files += [LibraryFile(code, poster, poster_hash(poster, sha256))] if poster else []
    return files


def grant(role: str, settings: Settings, on_migration: OnMigration) -> bool:
    """As the owner of the database: upgrade it, and let a role of PostgreSQL do what the desk does, no more.

    `on_migration` is told of an upgrade, whatever becomes of the grants. Gives whether the role may still make large objects: see `core.store.postgresql.grants.give`.
    Raises FilesHaveOwners, and what `explained_errors`, `migrate` and `give` raise.
    """
    if settings.database_url.startswith("sqlite"):
        raise FilesHaveOwners
    store = open_database(settings.database_url, create=True, on_migration=on_migration)
    try:
        return give(store, role)
    finally:
        store.close()


def _verdict(connection: Connection, noted: Noted | None = None) -> Verdict:
    row, criteria = contest_row(connection), tuple[str, ...]()
    broken: list[Sentence] = []
    try:
        contest = stored(row.toml, "contest.toml") if row else None
    except Refusal as refused:
        contest, broken = None, [refused.sentence]
    if row and contest:
        criteria = tuple(str(criterion.key) for criterion in contest.criteria)
        if _card_differs(contest, row.rule_card, row.rule_card_version):
            broken = [Sentence("Thể lệ không còn là thể lệ mang mã đã ghi.")]
    verdict = checked(connection, criteria, noted, conduct_of(contest) if contest else None)
    if contest and verdict.good:
        broken += confirmed_check.differences(connection, context.contest_state_in(connection), verdict.state)
    return replace(verdict, findings=(*verdict.findings, *broken))


def _card_differs(contest: Contest, fingerprint: str, version: int) -> bool:
    """Whether the contest's card of this version is another than the one that was kept, or there is no such version."""
    return version not in card.CARDS or card.fingerprint(contest, version) != fingerprint


def _good(connection: Connection, noted: Noted | None = None) -> Kept:
    verdict = _verdict(connection, noted)
    if verdict.findings:
        raise DoesNotVerify(verdict.findings[0], len(verdict.findings) - 1)
    return _kept(verdict.heads)


def _kept(heads: Heads) -> Kept:
    result, audit = heads.result, heads.audit
    return Kept(result.seq, result.hash.hex(), audit.seq, audit.hash.hex())
