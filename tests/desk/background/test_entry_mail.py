"""Mail to authors, over TLS to a server on loopback; a mail that fails hinders no submission."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.desk.background import entry_mail
from core.desk.background.job_kinds import JOB_KINDS
from core.desk.entries.registration import register_by_office
from core.desk.entries.submissions import Read, author_withdraw, office_move
from core.desk.screening.verdicts import give
from core.jobs.worker import Worker
from core.rules.entries.screening import Verdict as ScreeningVerdict
from core.rules.entries.states import Move
from core.settings import MailServer, settings
from core.speech import locale
from core.store.engine import Store
from core.store.queries import jobs
from tests.desk.contest_with_panel import assigned_panel, joined
from tests.desk.entries.entered import FORM, LATE, OFFICE, OPEN, enter, secret
from tests.desk.screening.screened import FIRST, receive, said
from tests.serving.mail_server import PASSWORD, USER, MailBox, mail_server

ADDRESS = "thuy@example.org"


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailBox]:
    """A mail server that this process trusts, and settings that name it."""
    with mail_server(tmp_path) as served:
        (tmp_path / "password").write_text(PASSWORD + "\n")
        server = MailServer("localhost", served.port, USER, tmp_path / "password", "cuocthi@example.org")
        monkeypatch.setattr(entry_mail, "settings", lambda: replace(settings(), mail=server))
        monkeypatch.setenv("SSL_CERT_FILE", str(served.certificate))
        yield served


@pytest.fixture
def desk(sqlite_store: Store) -> Store:
    """A contest inside its window, with a secretary."""
    assigned_panel(sqlite_store)
    return sqlite_store


def work(desk: Store) -> list[tuple[str, str, str]]:
    """Do all jobs; each one's kind, state and report, the newest first."""
    worker = Worker(desk, Path("/nowhere"), JOB_KINDS, locale, lambda: 0)
    while worker.run_one():
        pass
    with desk.read() as connection:
        return [(job.kind, str(job.state), str(job.report)) for job in jobs.latest(connection)]


def test_the_receipt_is_mailed_over_tls_after_the_submission(desk: Store, box: MailBox) -> None:
    done = enter(desk, email=ADDRESS, title="Mua thuốc tại http://x.vn")
    assert box.mails == []
    [(kind, state, _)] = work(desk)
    assert (kind, state) == ("mail.receipt", "done")
    [mail] = box.mails
    text = mail.get_content()
    assert (mail["To"], mail["From"], mail["Auto-Submitted"]) == (ADDRESS, "cuocthi@example.org", "auto-generated")
    assert mail["Subject"] == "Cuộc thi thử: đã nhận đơn TP-001"
    assert "TP-001" in text and done.receipt in text and "http" not in text  # no word that a stranger typed
    assert set(box.plain) <= {"EHLO", "STARTTLS"}


def test_a_returned_submission_is_mailed_with_its_reason(desk: Store, box: MailBox) -> None:
    enter(desk, email=ADDRESS)
    office_move(desk, OFFICE, Read("TP-001", 1), Move.RETURN, "Thiếu tên nhóm", OPEN)
    assert {state for _, state, _ in work(desk)} == {"done"}
    assert [("cần bổ sung" in mail["Subject"], "Thiếu tên nhóm" in mail.get_content()) for mail in box.mails] == [
        (False, False), (True, True),
    ]  # fmt: skip


def test_a_work_that_a_screener_returns_is_mailed_too(desk: Store, box: MailBox) -> None:
    enter(desk, email=ADDRESS)
    joined(desk, FIRST)
    receive(desk, "TP-001", now=OPEN)
    give(desk, FIRST, "TP-001", 2, said(ScreeningVerdict.RETURN, "Thiếu phụ đề"), OPEN)
    assert {state for kind, state, _ in work(desk) if kind.startswith("mail")} == {"done"}
    assert "Thiếu phụ đề" in box.mails[-1].get_content()


def test_a_late_receipt_does_not_say_why_it_was_taken(desk: Store, box: MailBox) -> None:
    register_by_office(desk, OFFICE, replace(FORM, email=ADDRESS), LATE, late_reason="Gia đình có tang")
    work(desk)
    assert "tang" not in box.mails[0].get_content()


def test_what_has_changed_since_is_not_mailed(desk: Store, box: MailBox) -> None:
    enter(desk, email=ADDRESS)
    work(desk)
    office_move(desk, OFFICE, Read("TP-001", 1), Move.RETURN, "Thiếu tên nhóm", OPEN)
    author_withdraw(desk, secret("thuy"), 2, OPEN)
    assert work(desk)[0][:2] == ("mail.returned", "done") and len(box.mails) == 1


def test_without_an_address_or_a_server_there_is_no_job(
    desk: Store, box: MailBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(desk)
    monkeypatch.setattr(entry_mail, "settings", lambda: replace(settings(), mail=None))
    enter(desk, "hai", title="Hai", email=ADDRESS)
    assert work(desk) == [] and box.mails == []


@pytest.mark.parametrize("why", ["refused", "no tls", "untrusted", "wrong password", "gone"])
def test_a_mail_that_fails_is_told_without_the_address_and_hinders_nothing(
    desk: Store, box: MailBox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, why: str
) -> None:
    if why == "refused":
        box.refuses = "550 no such user"
    elif why == "no tls":
        box.tls = False
    elif why == "untrusted":
        monkeypatch.delenv("SSL_CERT_FILE")
    elif why == "wrong password":
        (tmp_path / "password").write_text("sai")
    else:
        (tmp_path / "password").unlink()
    assert enter(desk, email=ADDRESS).code == "TP-001"
    [(_, state, told)] = work(desk)
    assert state not in {"done", "waiting"} and "Máy chủ thư không nhận thư" in told
    assert ADDRESS not in told and box.mails == [] and PASSWORD not in told
