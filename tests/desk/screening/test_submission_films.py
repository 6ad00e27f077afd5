"""Who may watch a submission's film, and which file they are served."""

import hashlib
from pathlib import Path

import pytest

from core.desk.judging.film_files import FileReplaced
from core.desk.judging.judge_assignment import NoSuchWork
from core.desk.screening import submission_films
from core.desk.screening.verdicts import recuse
from core.rules.access import Principal, Role
from core.store.engine import Store, WriteTransaction
from core.store.films import film_copies
from core.store.films.film_copies import CopyKind, FilmCopy
from tests.desk.contest_with_panel import assigned_panel, joined, person
from tests.desk.entries.entered import LATE, OFFICE, OPEN, enter
from tests.desk.screening.screened import FIRST, SECOND, receive

FILM = b"phim"
SHA256 = hashlib.sha256(FILM).hexdigest()


@pytest.fixture
def library(store: Store, tmp_path: Path) -> Path:
    """A library with the film of one submission; another submission waits for its film."""
    assigned_panel(store)
    for who in (FIRST, SECOND):
        joined(store, who)
    for name in ("thuy", "khac"):
        enter(store, name, title=f"Phim của {name}")
    receive(store, "TP-001", SHA256, OPEN)
    (tmp_path / f"{SHA256}.mp4").write_bytes(FILM)
    return tmp_path


def copied(store: Store, library: Path, kind: CopyKind) -> Path:
    content = kind.value.encode()
    sha256 = hashlib.sha256(content).hexdigest()
    path = library / f"{sha256}.mp4"
    path.write_bytes(content)
    copy = FilmCopy(SHA256, kind, path.name, sha256, len(content), 1, 1, 1)

    def put(transaction: WriteTransaction) -> None:
        film_copies.put(transaction.connection, copy, 0)

    store.change(put)
    return path


@pytest.mark.parametrize("who", [FIRST, OFFICE], ids=["screener", "office"])
def test_screeners_and_the_office_watch_the_copy_without_tags_once_it_is_made(
    store: Store, library: Path, who: Principal
) -> None:
    assert submission_films.film(store, who, "TP-001", library).read_bytes() == FILM
    with pytest.raises(NoSuchWork):
        submission_films.light_film(store, who, "TP-001", library)
    made = {kind: copied(store, library, kind) for kind in (CopyKind.ANONYMOUS, CopyKind.LIGHT)}
    assert submission_films.film(store, who, "TP-001", library) == made[CopyKind.ANONYMOUS]
    assert submission_films.light_film(store, who, "TP-001", library) == made[CopyKind.LIGHT]
    for code in ("TP-002", "TP-404", "T-101"):  # without a film, unknown, a work of the jury
        with pytest.raises(NoSuchWork):
            submission_films.film(store, who, code, library)
    with pytest.raises(NoSuchWork):
        submission_films.poster(store, who, "TP-001", library)  # it has none


@pytest.mark.parametrize("role", [None, *sorted(set(Role) - {Role.SCREENER, Role.SECRETARY})])
def test_nobody_else_watches_it(store: Store, library: Path, role: Role | None) -> None:
    who = person("khac", role) if role else None
    for found in (submission_films.film, submission_films.light_film, submission_films.poster):
        with pytest.raises(NoSuchWork):
            found(store, who, "TP-001", library)


def test_nor_a_screener_who_left_it_to_others(store: Store, library: Path) -> None:
    recuse(store, FIRST, "TP-001", "Em họ", LATE)
    with pytest.raises(NoSuchWork):
        submission_films.film(store, FIRST, "TP-001", library)
    assert submission_films.film(store, SECOND, "TP-001", library).read_bytes() == FILM


def test_a_replaced_file_is_not_served(store: Store, library: Path) -> None:
    (library / f"{SHA256}.mp4").write_bytes(b"khac")
    with pytest.raises(FileReplaced):
        submission_films.film(store, OFFICE, "TP-001", library)
