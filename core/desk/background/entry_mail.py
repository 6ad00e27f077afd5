"""Mail to the author of a submission: the receipt, and that it was returned. Sent by a job, so no submission waits for it.

A mail has no word that a stranger typed: whoever enters a false address sends nobody a text of theirs. A job that is
killed after the server took the mail sends it again, with the same Message-ID.
"""

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from core.desk import context, stored_forms
from core.jobs.job_kind import JobKind, Result, RunningJob
from core.rules.words import Locale, Moment, Refusal, Sentence
from core.settings import MailServer, settings
from core.speech import locale
from core.store import ledger_rows
from core.store.engine import WriteTransaction
from core.store.events import decode
from core.store.events.payloads import SubmissionReturned
from core.store.ledger import Row, receipt
from core.store.people import disclosures
from core.store.queries import jobs, submissions
from core.store.queries.submissions import Submission

TIMEOUT_S = 30.0  # for each answer of the server
IMPLICIT_TLS = 465
SENT = Sentence("Máy chủ thư đã nhận thư.")
NO_ADDRESS = Sentence("Đơn không có địa chỉ thư điện tử nên không gửi.")
NOT_RETURNED = Sentence("Đơn không còn ở trạng thái cần bổ sung nên không gửi.")


class MailOff(Refusal):
    """No mail server is configured."""

    def __init__(self) -> None:
        super().__init__("Chưa đặt máy chủ thư (MAIL_HOST) nên không gửi được.")


class MailNotSent(Refusal):
    """The mail server did not take the mail. `why` names the error, never an address."""

    def __init__(self, why: str) -> None:
        super().__init__("Máy chủ thư không nhận thư ({why}); hãy xem lại cấu hình rồi chạy lại.", why=why)


@dataclass(frozen=True, slots=True)
class _Letter:
    """Subject and text of a mail, and the ledger row that it is about."""

    subject: Sentence
    text: Sentence
    row: Row


def request(transaction: WriteTransaction, kind: JobKind, code: str, at: int) -> None:
    """Have the mail sent, where a server is configured and the submission has an address; `at` in UTC ms."""
    if settings().mail is None:
        return
    found = submissions.find(transaction.connection, code)
    if found is not None and stored_forms.decode(found.form).email:
        jobs.add(transaction.connection, kind.key, code, by=None, at=at)


def send_receipt(job: RunningJob) -> Result:
    """Send the receipt of the submission whose code is the job's subject. Raises MailOff, MailNotSent."""
    return _send(job, _receipt)


def send_returned(job: RunningJob) -> Result:
    """Send that the submission was returned, and why. Raises MailOff, MailNotSent."""
    return _send(job, _returned)


def _send(job: RunningJob, letter_of: Callable[[Submission, list[Row], str], _Letter | None]) -> Result:
    server = settings().mail
    if server is None:
        raise MailOff
    with job.store.read() as connection:
        found = submissions.find(connection, job.subject)
        address = stored_forms.decode(found.form).email if found is not None else ""
        if found is None or not address:
            return Result((NO_ADDRESS,))
        contest = context.contest_state_in(connection).contest
        ledger = list(ledger_rows.some(connection, submissions.history(connection, found.id)))
        letter = letter_of(found, ledger, contest.name)
        if letter is None:
            return Result((NOT_RETURNED,))
        about = decode(letter.row)
        told = [about.reason] if isinstance(about, SubmissionReturned) else []
        reasons = disclosures.texts(connection, told)
    try:
        _deliver(server, _message(server, address, letter, "".join(reasons.values()), locale(settings().language)))
    except smtplib.SMTPResponseException as error:
        raise MailNotSent(f"{type(error).__name__} {error.smtp_code}") from None
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise MailNotSent(type(error).__name__) from None
    return Result((SENT,))


def _receipt(found: Submission, ledger: list[Row], contest: str) -> _Letter:
    first, at = ledger[0], context.moment(found.registered_at)
    assert at is not None
    facts = {"code": found.code, "at": Moment(at), "receipt": receipt(first.seq, first.hash), "contest": contest}
    return _Letter(
        Sentence("{contest}: đã nhận đơn {code}", facts),
        Sentence(
            "Ban Tổ chức đã nhận đơn dự thi {code} lúc {at}. Biên nhận: {receipt}.\n\n"
            "Hãy giữ liên kết riêng đã hiện khi nộp đơn: chỉ ai có nó mới xem, sửa hoặc rút được tác phẩm.", facts,
        ),
        first,
    )  # fmt: skip


def _returned(found: Submission, ledger: list[Row], contest: str) -> _Letter | None:
    """None where something else has happened to the submission since."""
    row = ledger[-1]
    if not isinstance(decode(row), SubmissionReturned):
        return None
    facts = {"code": found.code, "contest": contest}
    return _Letter(
        Sentence("{contest}: đơn {code} cần bổ sung", facts),
        Sentence("Ban Tổ chức yêu cầu bổ sung đơn dự thi {code}. Hãy mở liên kết riêng của đơn để sửa. Lý do:", facts),
        row,
    )


def _message(server: MailServer, address: str, letter: _Letter, reason: str, spoken: Locale) -> EmailMessage:
    """Raises ValueError for an address that no header can hold."""
    message = EmailMessage()
    message["Subject"] = " ".join(letter.subject.localize(spoken).split())
    message["From"] = server.sender
    message["To"] = Address(addr_spec=address)
    message["Date"] = format_datetime(context.now())
    message["Message-ID"] = f"<{letter.row.hash.hex()[:32]}@{server.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n\n".join(filter(None, (letter.text.localize(spoken), reason))) + "\n")
    return message


def _deliver(server: MailServer, message: EmailMessage) -> None:
    """Raises SMTPException, OSError (a certificate that does not fit among them)."""
    trusted = ssl.create_default_context()
    if server.port == IMPLICIT_TLS:
        connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=trusted)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
    with connection:
        if server.port != IMPLICIT_TLS:
            connection.starttls(context=trusted)
        if server.user and server.password_file is not None:
            connection.login(server.user, server.password_file.read_text().strip())
        connection.send_message(message)


MAIL_RECEIPT = JobKind("mail.receipt", Sentence("Gửi thư biên nhận"), send_receipt, time_limit_s=300)
MAIL_RETURNED = JobKind("mail.returned", Sentence("Gửi thư yêu cầu bổ sung"), send_returned, time_limit_s=300)
