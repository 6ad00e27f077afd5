"""Every column of every table: compared with what the ledger amounts to, held by another check, or left with a reason.

A test holds that no column is missing here, and that each compared one is found where it was changed.
"""

from dataclasses import dataclass

from core.rules.words import Sentence


@dataclass(frozen=True, slots=True)
class Derived:
    """A table that follows from the ledger: its key and its compared columns, as the state names them, and its name."""

    key: tuple[str, ...]
    fields: tuple[str, ...]
    name: Sentence


DERIVED: dict[str, Derived] = {
    "contest": Derived(
        (),
        ("toml", "rule_card", "rule_card_version", "seed", "is_demo", "opened_at", "frozen_at", "judging_closed_at", "interactions_frozen_at",
         "awards_confirmed_at", "published_at"),
        Sentence("Cuộc thi"),
    ),
    "account": Derived(
        ("account",),
        ("username", "name", "password", "must_change", "active", "is_demo", "created_at"),
        Sentence("Tài khoản {account}"),
    ),
    "account_role": Derived(("account", "role"), (), Sentence("Vai trò {role} của tài khoản {account}")),
    "unconfirmed_account": Derived(("account",), ("cause", "since"), Sentence("Việc chờ xác nhận tài khoản {account}")),
    "auth_session": Derived(
        ("session",),
        ("account", "created_at", "expires_at", "ended_at"),
        Sentence("Phiên đăng nhập {session}"),
    ),
    "reset_link": Derived(
        ("link",), ("account", "expires_at", "used_at"), Sentence("Đường dẫn đặt lại mật khẩu {link}")
    ),
    "entry": Derived(
        ("code",),
        ("title", "author", "unit", "video", "poster", "sha256", "milliseconds", "width", "height"),
        Sentence("Tác phẩm {code}"),
    ),
    "assignment": Derived(("judge", "entry"), (), Sentence("Phân công giám khảo {judge} chấm tác phẩm {entry}")),
    "recusal": Derived(
        ("judge", "entry"),
        ("reason", "declared_by", "declared_at"),
        Sentence("Khai báo xung đột lợi ích của giám khảo {judge}, tác phẩm {entry}"),
    ),
    "sheet": Derived(
        ("judge", "entry"),
        ("version", "state", "marks", "revision", "return_reason", "saved_at"),
        Sentence("Phiếu của giám khảo {judge}, tác phẩm {entry}"),
    ),
    "sheet_revision": Derived(
        ("judge", "entry", "number"),
        ("marks", "remarks", "watched_share", "receipt", "ledger_seq", "sealed_at"),
        Sentence("Phiếu đã nộp lần {number} của giám khảo {judge}, tác phẩm {entry}"),
    ),
    "mark": Derived(
        ("entry", "criterion", "judge"),
        ("hundredths",),
        Sentence("Điểm đang tính của giám khảo {judge}, tác phẩm {entry}, tiêu chí {criterion}"),
    ),
    "note": Derived(("id",), ("judge", "entry", "at_ms"), Sentence("Ghi chú số {id}")),
    "reading": Derived(
        ("entry", "number"),
        ("taken_at", "reactions", "comments", "shares", "views", "entered_by", "entered_at"),
        Sentence("Số liệu tương tác lần {number} của tác phẩm {entry}"),
    ),
    "interactions_freeze": Derived(
        ("number",),
        ("frozen_by", "frozen_at", "reopened_by", "reopened_at", "reason"),
        Sentence("Lần chốt tương tác thứ {number}"),
    ),
    "decision": Derived(
        ("id",),
        ("prize", "kind", "entries", "quantity", "reason", "decided_by", "decided_at", "revoked_at"),
        Sentence("Quyết định số {id} của Ban Tổ chức"),
    ),
    "award_table": Derived(
        ("number",),
        ("document", "rule_card", "ledger_seq", "confirmed_by", "confirmed_at"),
        Sentence("Bảng trao giải đã xác nhận thứ {number}"),
    ),
}  # fmt: skip
# Held by another check of `verify`, or within a compared value.
HELD = {
    "contest.id": "a constraint: 1",
    "account.id": "a number that names replace wherever rows are compared",
    "entry.id": "a number that names replace wherever rows are compared",
    "sheet.remarks": "of a sealed sheet the same as its revision's (invariants)",
    "disclosure.commitment": "a commitment in the ledger, each read against its row",
    "disclosure.salt": "bound with the text by its commitment",
    "disclosure.text": "bound with the salt by its commitment",
    "reading.id": "the order in which the readings of a work are compared",
    "interactions_freeze.id": "the order in which freezes are compared",
    "award_table.id": "the order of the tables; there is one at most",
    "ledger.id": "the chains", "ledger.chain": "the chains", "ledger.seq": "the chains", "ledger.at": "the chains",
    "ledger.actor": "the chains", "ledger.event": "the chains", "ledger.version": "the chains",
    "ledger.payload": "the chains", "ledger.prev": "the chains", "ledger.hash": "the chains",
}  # fmt: skip
# Nothing that is decided, printed or opened follows from these, or they live too briefly to be written down.
FREE = {
    "auth_session.last_seen_at": "moves with every request; it can only make a session end earlier or two hours later",
    "auth_session.address": "shown to the account's own person alone",
    "auth_session.agent": "shown to the account's own person alone",
    "sheet_revision.submit_key": "a random key of the browser's: the same click twice is one revision",
    "note.text": "the judge's own words to themselves; nobody else reads them",
    "watched.judge_id": "the count of what was watched moves every few seconds; what it allowed is in `sheet.sealed`",
    "watched.entry_id": "as watched.judge_id",
    "watched.intervals": "as watched.judge_id",
    "watched.budget_ms": "as watched.judge_id",
    "watched.credited_at": "as watched.judge_id",
    "sign_in_ticket.ticket_hash": "lives 30 s; the session it opens is in the ledger",
    "sign_in_ticket.browser_hash": "as sign_in_ticket.ticket_hash",
    "sign_in_ticket.account_id": "as sign_in_ticket.ticket_hash",
    "sign_in_ticket.expires_at": "as sign_in_ticket.ticket_hash",
    "sign_in_ticket.used_at": "as sign_in_ticket.ticket_hash",
    "sign_in_delay.key": "failed attempts of a day; who signs in needs the password all the same",
    "sign_in_delay.failures": "as sign_in_delay.key",
    "sign_in_delay.not_before": "as sign_in_delay.key",
    "health_check.id": "one row; its check holds it",
    "health_check.checked_at": "when the desk was last asked whether it can work; nothing follows from it",
}
# The columns and keys that name a person: numbers in the state, usernames in what is printed.
PEOPLE = frozenset(
    ["account", "judge", "declared_by", "entered_by", "frozen_by", "reopened_by", "decided_by", "confirmed_by"]
)
# How the state names what the tables name otherwise.
RENAMED = {
    "account_id": "account", "judge_id": "judge", "entry_id": "entry", "account.number": "account",
    "auth_session.secret_hash": "session", "reset_link.secret_hash": "link",
}  # fmt: skip
