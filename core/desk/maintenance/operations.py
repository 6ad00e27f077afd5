"""Verify, back up and restore the contest, and limit the server's database role. For whoever runs the server."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from core.desk import context
from core.desk.background.film_copies import request_after_restore
from core.desk.context import NoContest
from core.desk.judging import film_files
from core.desk.judging.film_files import poster_hash
from core.desk.maintenance import confirmed_check
from core.desk.maintenance.conduct import conduct_of
from core.desk.noted_hash import noted_hash
from core.desk.text_input.text_files import NoSuchFile
from core.media import film_copies
from core.media.film_copies import CopyReport, LibraryFile
from core.rules.contest import Contest
from core.rules.contest_file.reader import load_stored
from core.rules.rule_card import card
from core.rules.words import Refusal, Sentence
from core.settings import Settings
from core.store import backup as copies
from core.store.database.connection_errors import explained_errors
from core.store.engine import Store
from core.store.films.library_files import library_files
from core.store.ledger import Heads
from core.store.migrate import OnMigration, older_revision, open_database
from core.store.postgresql.grants import FilesHaveOwners, give
from core.store.queries.contest_row import contest_row
from core.store.verification.verify import Connection, Noted, Verdict
from core.store.verification.verify import verify as checked

FILMS = "backup-films"  # folder beside the backups, with the films of all of them


class DoesNotVerify(Refusal):
    """The verification of the database has findings."""

    def __init__(self, first: Sentence, more: int) -> None:
        super().__init__("Kiểm tra thấy sai: {first} (và {more} lỗi khác).", first=first, more=more)


class AnotherHead(Refusal):
    """The restored database verifies, but its ledger head is not the requested one."""

    def __init__(self, head: str) -> None:
        super().__init__(
            "Bản vừa khôi phục có mã sổ cái {head}, khác với mã được yêu cầu; đừng dùng cơ sở dữ liệu này.", head=head
        )


class NoTilde(Refusal):
    """The path starts with ~, which no shell has expanded; it would create a folder named "~"."""

    def __init__(self, path: Path) -> None:
        super().__init__("Đường dẫn {path} bắt đầu bằng ~; hãy viết đường dẫn đầy đủ.", path=path)


class FilmsNotCopied(Refusal):
    """The films could not be written to the backup's folder, so nothing was backed up."""

    def __init__(self, folder: Path, why: str | None) -> None:
        super().__init__("Không chép được phim vào {folder} ({why}); không có gì được sao lưu.", folder=folder, why=why)


class FilmsNotBroughtBack(Refusal):
    """The database is restored, but its films could not all be written to the library."""

    def __init__(self, source: Path, library: Path, why: str | None) -> None:
        super().__init__(
            "Cơ sở dữ liệu đã khôi phục, nhưng không ghi được phim vào {library} ({why}); "
            "hãy chép tiếp các tệp trong {source} vào đó.",
            source=source,
            library=library,
            why=why,
        )


@dataclass(frozen=True, slots=True)
class VerifiedCopy:
    """A copy that verifies: length and last hash of each chain of its ledger, and the report about its films."""

    rows: int  # of the result chain
    head: str  # hex
    audit_rows: int
    audit_head: str
    films: CopyReport | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class RestoredOlder:
    """A restored database of an older schema, not verified, and the report about its films."""

    revision: str
    films: CopyReport


def must_have_contest(store: Store) -> None:
    """Raises NoContest if the database is empty: verifying or backing it up would succeed but mean nothing."""
    with store.read() as connection:
        if contest_row(connection) is None:
            raise NoContest


def verify(store: Store, noted: str | None = None, library: Path | None = None) -> Verdict:
    """Verify the chains, the tables against the ledger, the acts in it, the confirmed table and the database's guards.

    `noted`: a ledger hash written down earlier, whole or its beginning, as printed (see `noted_hash`); the ledger must
    still contain it. With `library`, the films, their copies and the posters there are read whole and compared with their hashes.
    Raises TooLittleNoted. Everything found wrong is in the verdict.
    """
    expected = None if noted is None else noted_hash(noted)
    with store.read() as connection:
        verdict, wanted = _verdict(connection, expected), _library_files(connection)
        copied = [] if library is None else film_files.present_copies(connection, library)
    broken = [] if library is None else film_copies.check([*wanted, *copied], library)
    return replace(verdict, findings=(*verdict.findings, *broken))


def backup(store: Store, path: Path, library: Path | None = None, films: Path | None = None) -> VerifiedCopy:
    """Copy the database to a new file that verifies. It contains every change committed before the call.

    With a `library`, its films and posters are copied into the folder `films` first. The default is the folder beside
    `path` that all backups there share. A missing or damaged film is reported in the result and stops nothing.
    Raises NoTilde, DoesNotVerify, FilmsNotCopied, and what `core.store.backup.database_copy` and `film_copies.copy_out`
    raise.
    """
    copied: list[tuple[VerifiedCopy, list[LibraryFile]]] = []
    folder = films_folder(path, films)
    _refuse_tilde(path, folder)
    with copies.database_copy(
        store, path, lambda connection: copied.append((_good(connection), _library_files(connection)))
    ):
        copy, wanted = copied[0]
        if library is None:
            return copy
        try:
            return replace(copy, films=film_copies.copy_out(wanted, library, folder))
        except OSError as full:
            raise FilmsNotCopied(folder, full.strerror) from full


def restore(
    path: Path, settings: Settings, head: str | None, films: Path | None = None
) -> VerifiedCopy | RestoredOlder:
    """Restore a backup to a place without a database, and verify it, against `head` if given.

    A backup of an older schema is restored as it is, neither upgraded nor verified. One that this release cannot read
    or upgrade is refused and removed again: DatabaseFromLater, TrialDatabase.
    Then its films are copied into the library from the folder `films`, by default the one beside `path`. A film missing
    or damaged there is reported in the result. Copies for judges are made again by jobs. `head` is the last row's hash, or with a row's number that row's hash.
    Raises NoTilde, NoSuchFile, TooLittleNoted, DoesNotVerify, AnotherHead, FilmsNotBroughtBack, and what
    `core.store.backup.restore` raises.
    """
    noted = None if head is None else noted_hash(head)
    folder = films_folder(path, films)
    _refuse_tilde(path, folder)
    if not path.is_file():
        raise NoSuchFile(path)
    store = copies.restore(path, settings.database_url)
    try:
        with explained_errors(store.url), store.read() as connection:
            older = older_revision(connection)
            copy = None if older else _good(connection, noted if noted and noted.row else None)
            wanted = _library_files(connection)
        if not older:
            request_after_restore(store, settings.library)
    finally:
        store.close()
    if (
        copy
        and noted
        and not noted.row
        and not any(head.startswith(noted.digits) for head in (copy.head, copy.audit_head))
    ):
        raise AnotherHead(copy.head)
    try:
        report = film_copies.copy_back(wanted, folder, settings.library)
    except OSError as full:
        raise FilmsNotBroughtBack(folder, settings.library, full.strerror) from full
    return replace(copy, films=report) if copy else RestoredOlder(str(older), report)


def films_folder(path: Path, films: Path | None) -> Path:
    """The folder with a backup's films: `films`, or the one beside the backup that all backups there share."""
    return films or path.parent / FILMS


def _refuse_tilde(*paths: Path) -> None:
    for path in paths:
        if str(path).startswith("~"):
            raise NoTilde(path)


def _library_files(connection: Connection) -> list[LibraryFile]:
    """The films and posters of the works, by their names in the library. Works on a restored older schema too."""
    files = []
    for code, video, sha256, poster in library_files(connection):
        files += [LibraryFile(code, video, sha256)] if video else []
        files += [LibraryFile(code, poster, poster_hash(poster, sha256))] if poster else []
    return files


def grant(role: str, settings: Settings, on_migration: OnMigration) -> bool:
    """As the owner of the database: upgrade it, and grant a PostgreSQL role only the rights that the desk needs.

    `on_migration` is called after an upgrade, even if the grants fail later. Returns True if the role may still create
    large objects: see `core.store.postgresql.grants.give`.
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
        contest = load_stored(row.toml, "contest.toml") if row else None
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
    """True if the rule card's version is unknown, or the contest's card of that version has another fingerprint."""
    return version not in card.CARDS or card.fingerprint(contest, version) != fingerprint


def _good(connection: Connection, noted: Noted | None = None) -> VerifiedCopy:
    verdict = _verdict(connection, noted)
    if verdict.findings:
        raise DoesNotVerify(verdict.findings[0], len(verdict.findings) - 1)
    return _verified_copy(verdict.heads)


def _verified_copy(heads: Heads) -> VerifiedCopy:
    result, audit = heads.result, heads.audit
    return VerifiedCopy(result.seq, result.hash.hex(), audit.seq, audit.hash.hex())
