"""Every column of every table: compared with the replay, covered by another check (HELD), or unchecked (FREE).

A test checks that no column is missing here, and that a change of each compared column is found.
"""

from dataclasses import dataclass

from core.rules.interaction_kinds import INTERACTION_KINDS
from core.rules.words import Sentence


@dataclass(frozen=True, slots=True)
class Derived:
    """A table that the replay computes: its key and its compared columns, as State names them, and its printed name."""

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
    "film_copy": Derived(
        ("film", "kind"),
        ("file", "sha256", "bytes", "milliseconds", "width", "height", "made_at"),
        Sentence("Bản sao {kind} của phim {film}"),
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
        ("taken_at", *INTERACTION_KINDS, "entered_by", "entered_at"),
        Sentence("Số liệu tương tác lần {number} của tác phẩm {entry}"),
    ),
    "reading_detail": Derived(
        ("reading",),
        ("corrects", "questions", "explanation", "reason", "address", "screenshot"),
        Sentence("Chi tiết của số liệu tương tác {reading}"),
    ),
    "reading_review": Derived(
        ("reading",),
        ("verdict", "reason", "reviewed_by", "reviewed_at"),
        Sentence("Việc xác nhận số liệu tương tác {reading}"),
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
    "official": Derived(
        ("id",),
        ("name", "body", "birth_date", "phone", "note", "added_by", "added_at", "removed_at"),
        Sentence("Thành viên số {id} trong danh sách các ban"),
    ),
    "match_decision": Derived(
        ("id",),
        ("author", "official", "account", "ground", "outcome", "reason", "decided_by", "decided_at"),
        Sentence("Quyết định số {id} về tác giả giống thành viên các ban"),
    ),
    "award_table": Derived(
        ("number",),
        ("document", "rule_card", "ledger_seq", "confirmed_by", "confirmed_at"),
        Sentence("Bảng trao giải đã xác nhận thứ {number}"),
    ),
    "publication": Derived(
        ("id",), ("document", "text", "published_by", "published_at", "retracted_at"), Sentence("Lần công bố thứ {id}")
    ),
    "retraction": Derived(
        ("id",),
        ("publication_id", "reason", "proposed_by", "proposed_at", "outcome", "answer", "decided_by", "decided_at"),
        Sentence("Đề nghị thu hồi công bố số {id}"),
    ),
    "checkpoint": Derived(("rows",), ("made_at", "occasion"), Sentence("Bản ký của điểm kiểm tra ở dòng {rows}")),
    "submission": Derived(
        ("code",),
        ("state", "form", "link", "version", "film", "milliseconds", "width", "height", "poster", "late", "registered_at",
         "film_at", "revision"),
        Sentence("Đơn dự thi {code}"),
    ),
    "screening_verdict": Derived(
        ("id",),
        ("submission", "screener", "revision", "film", "verdict", "points", "answers", "reason", "names_author", "given_at"),
        Sentence("Đánh giá sơ loại số {id}"),
    ),
    "screening_recusal": Derived(
        ("submission", "screener"),
        ("reason", "declared_at"),
        Sentence("Người sơ loại {screener} rút khỏi đơn dự thi {submission}"),
    ),
    "submission_change": Derived(("submission", "row"), (), Sentence("Lịch sử đơn dự thi {submission}, dòng {row}")),
    "entry_door": Derived((), ("open", "code"), Sentence("Lối nộp trực tuyến")),
    "finals_list": Derived(
        ("id",),
        ("works", "taken", "left_out", "sha256", "source", "reason", "closed_by", "closed_at"),
        Sentence("Danh sách chung kết lần {id}"),
    ),
    "finals_draw": Derived((), ("list_id", "seed", "drawn_by", "drawn_at"), Sentence("Cuộc bốc thăm mã chấm")),
    "entry_out": Derived(("entry",), ("out_at",), Sentence("Tác phẩm {entry} thôi dự thi")),
    "finalist_change": Derived(
        ("id",),
        ("code", "kind", "version", "form", "film", "poster", "milliseconds", "width", "height", "past_rules", "reason",
         "proposed_by", "proposed_at", "outcome", "answer", "decided_by", "decided_at"),
        Sentence("Đề nghị số {id} về tác phẩm chung kết"),
    ),
    "finalist_post": Derived(
        ("id",),
        ("code", "address", "posted_at", "reason", "entered_by", "entered_at"),
        Sentence("Bài đăng số {id} của tác phẩm chung kết"),
    ),
    "finalist": Derived(("submission",), ("code",), Sentence("Mã chấm của đơn {submission}")),
    "film_pair_decision": Derived(
        ("id",),
        ("film", "other", "published", "verdict", "reason", "decided_by", "decided_at"),
        Sentence("Quyết định số {id} về hai phim giống nhau"),
    ),
}  # fmt: skip
# Covered by another check of `verify`, or part of a compared value. The text says which.
HELD = {
    "contest.id": "a constraint: 1",
    "account.id": "a number that names replace wherever rows are compared",
    "entry.id": "a number that names replace wherever rows are compared",
    "submission.id": "a number that names replace wherever rows are compared",
    "entry_door.id": "a constraint: 1",
    "finals_draw.id": "a constraint: 1",
    "sheet.remarks": "of a sealed sheet the same as its revision's (invariants)",
    "checkpoint.note": "its text, signature and root, each checked against the chain (signed_checkpoints)",
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
# Not checked: no decision, print or access depends on these, or they live too briefly. The text says why.
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
    "job.id": "background work; what a job does to a work has an event of its own",
    **{
        f"job.{name}": "as job.id"
        for name in (
            "kind", "subject", "state", "progress", "attempts", "worker", "beats", "cancel_requested", "report",
            "requested_by", "requested_at", "ended_at",
        )
    },
    "author_match.id": "found again from both lists at every change; what people decide is in match_decision",
    **{
        f"author_match.{name}": "as author_match.id"
        for name in ("author", "official_id", "account_id", "ground", "likeness", "found_at")
    },
    "upload.id": "a file on its way; the submission that claims it has an event of its own, with the file's hash",
    **{
        f"upload.{name}": "as upload.id"
        for name in (
            "holder", "network", "name", "declared_bytes", "kept_bytes", "state", "sha256", "created_at", "expires_at",
        )
    },
    "film_fingerprint.sha256": "computed from films; a check of the film makes it again",
    **{
        f"film_fingerprint.{name}": "as film_fingerprint.sha256"
        for name in ("version", "pictures", "sounds", "milliseconds", "made_at")
    },
    "published_film.name": "what was last read of the office's folder; read again by each comparison",
    **{f"published_film.{name}": "as published_film.name" for name in ("sha256", "bytes", "modified_ns")},
    "film_pair.id": "found by a job, which finds it again; nothing follows from it before a person decides",
    **{
        f"film_pair.{name}": "as film_pair.id"
        for name in (
            "film", "other", "published", "picture_share", "sound_share", "slope", "offset_ms", "mirrored", "moments",
            "finding", "found_at",
        )
    },
    "health_check.id": "one row; its check holds it",
    "health_check.checked_at": "when the desk was last asked whether it can work; nothing follows from it",
}  # fmt: skip
# Columns and keys that name a person: pseudonym numbers in State, usernames in printed sentences.
PEOPLE = frozenset(
    [
        "account",
        "judge",
        "added_by",
        "declared_by",
        "entered_by",
        "frozen_by",
        "reopened_by",
        "decided_by",
        "confirmed_by",
        "screener",
        "reviewed_by",
        "published_by",
        "closed_by",
        "drawn_by",
        "proposed_by",
    ]
)
# Table column -> its name in State, where they differ.
RENAMED = {
    "submission_id": "submission", "submission.link_hash": "link", "submission_change.ledger_id": "row",
    "account_id": "account", "judge_id": "judge", "screener_id": "screener", "entry_id": "entry", "reading_id": "reading", "official_id": "official", "account.number": "account",
    "auth_session.secret_hash": "session", "reset_link.secret_hash": "link",
}  # fmt: skip
