"""Everything the desk has about one person, and of nobody else more than a name."""

import pytest

from core.desk.accounts import accounts
from core.desk.entries.entry_refusals import UnknownSubmission
from core.desk.entries.submission_views import of_author
from core.desk.entries.submissions import Read, office_move
from core.desk.maintenance import operations
from core.desk.person_data.person_document import MAYBE, NoSuchAuthor, PersonDocument, of_link, of_person
from core.desk.person_data.person_requests import ask_online
from core.rules.access import NotAllowed, Role
from core.rules.entries.form import Author
from core.rules.entries.person_requests import RequestKind
from core.rules.entries.states import Move
from core.rules.words import Locale
from core.store.engine import Store
from core.store.people import officials
from core.store.people.officials import OfficialTexts
from tests.desk.contest_with_panel import CHIEF, assigned_panel
from tests.desk.entries.entered import OFFICE, OPEN, enter, secret
from tests.fixtures.ledger_payloads import acts

THUY = Author("Lò Thị Thuỷ", "1990-03-15", "0912345678")
OTHER = Author("Cà Văn Pản", "1985-01-02", "0987654321")


@pytest.fixture
def desk(sqlite_store: Store) -> Store:
    """Thuỷ alone, in a group, as an official, and a woman of the same name."""
    assigned_panel(sqlite_store)
    enter(sqlite_store, "một", email="thuy@example.org")
    enter(sqlite_store, "hai", title="Nhóm làm", group="Nhóm", authors=(OTHER, THUY), email="pan@example.org")
    enter(sqlite_store, "ba", title="Người khác", authors=(Author("Lò Thị Thủy", "2001-09-09", "0333444555"),))
    accounts.add(sqlite_store, accounts.SYSTEM, "thuy.gk", "Lò Thị Thuỷ", frozenset({Role.JUDGE}), OPEN)
    return sqlite_store


def text(document: PersonDocument) -> str:
    return "\n".join(
        f"{title}: {label} = {value}" for title, lines in document.localized(Locale()) for label, value in lines
    )


def test_it_has_every_submission_of_the_person_and_their_own_data(desk: Store) -> None:
    told = text(of_person(desk, OFFICE, "TP-001", 1, OPEN))
    for part in ("Đơn dự thi TP-001", "Đơn dự thi TP-002", "0912345678", "1990-03-15", "thuy@example.org", "Sinh sống"):
        assert part in told
    assert "Tài khoản: Tên tài khoản = thuy.gk" in told and MAYBE.text in told
    assert "Đồng ý xử lý dữ liệu cá nhân" in told


def test_of_others_it_has_the_name_on_the_work_alone(desk: Store) -> None:
    told = text(of_person(desk, OFFICE, "TP-001", 1, OPEN))
    assert "Cà Văn Pản" in told
    for part in ("0987654321", "1985-01-02", "pan@example.org", "0333444555", "2001-09-09"):
        assert part not in told
    assert "0987654321" in text(of_person(desk, OFFICE, "TP-002", 1, OPEN))


def test_it_has_officials_requests_and_reasons(desk: Store) -> None:
    texts = OfficialTexts(THUY.name, "Tổ Thư ký", THUY.birth, THUY.phone, "Giúp việc")
    desk.change(lambda transaction: officials.insert(transaction.connection, texts, by="thuky", at=0))
    ask_online(desk, secret("một"), RequestKind.SEE, "Cho tôi xem", OPEN)
    office_move(desk, OFFICE, Read("TP-001", 1), Move.WITHDRAW, "Tác giả gọi điện", OPEN)
    told = text(of_person(desk, OFFICE, "TP-002", 2, OPEN))
    for part in ("Giúp việc", "Cho tôi xem", "Tác giả gọi điện", "Thôi dự thi"):
        assert part in told


def test_the_author_gets_the_submission_of_the_link(desk: Store) -> None:
    told = text(of_link(of_author(desk, secret("hai"), OPEN)))
    assert "TP-002" in told and "0912345678" in told and "0987654321" in told and "TP-001" not in told


def test_only_the_office_asks_and_only_for_authors(desk: Store) -> None:
    with pytest.raises(NotAllowed):
        of_person(desk, CHIEF, "TP-001", 1, OPEN)
    with pytest.raises(UnknownSubmission):
        of_person(desk, OFFICE, "TP-009", 1, OPEN)
    for place in (0, 2):
        with pytest.raises(NoSuchAuthor):
            of_person(desk, OFFICE, "TP-001", place, OPEN)


def test_the_audit_chain_records_who_took_it(desk: Store) -> None:
    of_person(desk, OFFICE, "TP-002", 2, OPEN)
    [(actor, told)] = acts(desk, "person_data.exported")
    assert (actor, told["submission"], told["place"]) == ("thuky", "TP-002", 2)
    assert operations.verify(desk).findings == ()
