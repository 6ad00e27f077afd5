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
        ("toml", "rule_card", "seed", "is_demo", "opened_at", "frozen_at", "judging_closed_at", "interactions_frozen_at",
         "awards_confirmed_at", "published_at"),
        Sentence("Cuộc thi"),
    ),
    "contest_secret": Derived((), ("panel_salt",), Sentence("Mã bí mật của hội đồng")),
    "account": Derived(
        ("username",),
        ("name", "password", "must_change", "active", "is_demo", "created_at"),
        Sentence("Tài khoản {username}"),
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
    "contest_secret.id": "a constraint: 1",
    "account.id": "a number that names replace wherever rows are compared",
    "entry.id": "a number that names replace wherever rows are compared",
    "recusal.reason": "hashed in the ledger together with judge, work and time",
    "sheet.remarks": "of a sealed sheet the same as its revision's (invariants)",
    "sheet_revision.salt": "hashed in the ledger together with the remarks",
    "reading.id": "the order in which the readings of a work are compared",
    "interactions_freeze.id": "the order in which freezes are compared",
    "award_table.id": "the order of the tables; there is one at most",
    "ledger.seq": "the chain", "ledger.at": "the chain", "ledger.actor": "the chain", "ledger.event": "the chain",
    "ledger.payload": "the chain", "ledger.prev": "the chain", "ledger.hash": "the chain",
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
# Before format 2 acts took some times before their rows had theirs; a batch waited no longer than this.
BATCH_MS = 60_000
TIMES = frozenset(
    [
        "opened_at",
        "frozen_at",
        "judging_closed_at",
        "interactions_frozen_at",
        "awards_confirmed_at",
        "created_at",
        "since",
        "expires_at",
        "ended_at",
        "used_at",
        "declared_at",
        "saved_at",
        "entered_at",
        "reopened_at",
        "decided_at",
        "revoked_at",
        "confirmed_at",
    ]
)
# How the state names what the tables name otherwise.
RENAMED = {
    "account_id": "account", "judge_id": "judge", "entry_id": "entry",
    "auth_session.secret_hash": "session", "reset_link.secret_hash": "link",
}  # fmt: skip
