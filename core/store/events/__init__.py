"""The register of ledger events. Each event has one entry here; all code that depends on the event reads it.

To add an event, write a payload class (`payloads`), an entry in EVENTS, its effect on the tables (`core.store.replay`),
and who may do it (`core.desk.maintenance.conduct`). Tests fail while one of them is missing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import get_args

import msgspec
import rfc8785

from core.rules.words import Refusal, Sentence
from core.store.events import payloads as p
from core.store.events.payloads import Commitment, Digest, Payload
from core.store.ledger import Chain, Row


class Touches(Enum):
    """Which part of the live standings and the award table an event may change."""

    ENTRY = "entry"  # only the work that its payload names
    REBUILD = "rebuild"  # the list of works, or who marks them
    AWARDS = "awards"  # counts, decisions, closings
    PEOPLE = "people"  # accounts: names and roles
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Event:
    """A kind of ledger row. `payload` is the class of the newest version, `earlier` the classes of versions 1, 2, …"""

    name: str
    chain: Chain
    payload: type[Payload]
    title: Sentence  # what was done, as the audit page says it
    touches: Touches
    version: int = 1
    earlier: tuple[type[Payload], ...] = ()
    ends_with_awards: bool = False  # not allowed once the award table is confirmed
    by_confirmed: bool = False  # not allowed for an account that waits for confirmation
    logged: bool = True  # written to `core.store.acts_log`
    listed: bool = True  # has a line on the audit page

    def payload_class(self, version: int) -> type[Payload]:
        """The class of this version of the payload. Raises UnknownEvent."""
        classes = (*self.earlier, self.payload)
        if not 1 <= version <= len(classes):
            raise UnknownEvent(self.name, version)
        return classes[version - 1]


class UnknownEvent(Refusal):
    """This release has no such event, or no such version of it: a later release wrote the row, or it is forged."""

    def __init__(self, name: str, version: int) -> None:
        super().__init__("Sự kiện {name} (bản {version}) không có trong chương trình này.", name=name, version=version)


def _result(
    name: str, payload: type[Payload], title: Sentence, touches: Touches, *earlier: type[Payload],
    by_confirmed: bool = True,
) -> Event:  # fmt: skip
    return Event(
        name, Chain.RESULT, payload, title, touches, version=1 + len(earlier), earlier=earlier, ends_with_awards=True,
        by_confirmed=by_confirmed,
    )  # fmt: skip


def _publication(name: str, payload: type[Payload], title: Sentence, touches: Touches = Touches.NOTHING) -> Event:
    """An event of the result chain that comes after the confirmation."""
    return Event(name, Chain.RESULT, payload, title, touches, by_confirmed=True)


def _audit(name: str, payload: type[Payload], title: Sentence, touches: Touches = Touches.NOTHING) -> Event:
    return Event(name, Chain.AUDIT, payload, title, touches)


def _session(name: str, payload: type[Payload], title: Sentence) -> Event:
    """An event that the security log has a line of."""
    return Event(name, Chain.AUDIT, payload, title, Touches.NOTHING, logged=False)


def _frequent(name: str, payload: type[Payload], title: Sentence) -> Event:
    """An event of which there are thousands an hour."""
    return Event(name, Chain.AUDIT, payload, title, Touches.NOTHING, logged=False, listed=False)


_ALL = (
    _result("contest.opened", p.ContestOpened, Sentence("Mở cuộc thi"), Touches.REBUILD, by_confirmed=False),
    _result("entry.added", p.EntryAdded, Sentence("Thêm tác phẩm"), Touches.REBUILD, by_confirmed=False),
    _result(
        "entry.corrected", p.EntryCorrected, Sentence("Sửa thông tin tác phẩm"), Touches.REBUILD, by_confirmed=False
    ),
    _result("entry.film_replaced", p.FilmReplaced, Sentence("Thay phim"), Touches.REBUILD, by_confirmed=False),
    _result("judge.assigned", p.JudgeAssigned, Sentence("Phân công giám khảo"), Touches.REBUILD, by_confirmed=False),
    _result(
        "judge.unassigned", p.JudgeUnassigned, Sentence("Bỏ phân công giám khảo"), Touches.REBUILD, by_confirmed=False
    ),
    _result(
        "recusal.declared",
        p.RecusalDeclared,
        Sentence("Rút giám khảo khỏi tác phẩm"),
        Touches.ENTRY,
        by_confirmed=False,
    ),
    _result("finals.list_closed", p.FinalsListClosed, Sentence("Chốt danh sách chung kết"), Touches.NOTHING),
    _result("finals.drawn", p.FinalsDrawn, Sentence("Bốc thăm mã chấm"), Touches.REBUILD),
    _result(
        "finalist.change_confirmed",
        p.FinalistChangeConfirmed,
        Sentence("Xác nhận thay đổi tác phẩm chung kết"),
        Touches.REBUILD,
    ),
    _result("sheet.sealed", p.SheetSealed, Sentence("Nộp phiếu"), Touches.ENTRY),
    _result("sheet.returned", p.SheetReturned, Sentence("Trả lại phiếu"), Touches.ENTRY),
    _result("judging.closed", p.RoundClosed, Sentence("Đóng vòng chấm"), Touches.AWARDS),
    _result(
        "reading.entered", p.ReadingEntered, Sentence("Nhập số liệu tương tác"), Touches.AWARDS, p.ReadingEnteredV1
    ),
    _result("reading.confirmed", p.ReadingConfirmed, Sentence("Xác nhận số liệu tương tác"), Touches.AWARDS),
    _result("reading.rejected", p.ReadingRejected, Sentence("Không nhận số liệu tương tác"), Touches.AWARDS),
    _result("interactions.frozen", p.CountsFrozen, Sentence("Chốt lượt tương tác"), Touches.AWARDS, p.CountsFrozenV1),
    _result("interactions.reopened", p.CountsReopened, Sentence("Mở lại lượt tương tác"), Touches.AWARDS),
    _result("decision.made", p.DecisionMade, Sentence("Quyết định về giải"), Touches.AWARDS),
    _result("decision.revoked", p.DecisionRevoked, Sentence("Hủy quyết định về giải"), Touches.AWARDS),
    _result("awards.confirmed", p.AwardsConfirmed, Sentence("Xác nhận bảng trao giải"), Touches.AWARDS),
    _publication("result.published", p.ResultPublished, Sentence("Công bố kết quả"), Touches.AWARDS),
    _publication("retraction.proposed", p.RetractionProposed, Sentence("Đề nghị thu hồi công bố")),
    _publication("retraction.declined", p.RetractionDeclined, Sentence("Không đồng ý thu hồi công bố")),
    _publication("result.retracted", p.ResultRetracted, Sentence("Thu hồi công bố kết quả"), Touches.AWARDS),
    Event(
        "checkpoint.made",
        Chain.RESULT,
        p.CheckpointMade,
        Sentence("Ghi điểm kiểm tra"),
        Touches.NOTHING,
        version=2,
        earlier=(p.CheckpointMadeV1,),
        logged=False,
        listed=False,
    ),
    Event(
        "signing_key.recorded",
        Chain.RESULT,
        p.SigningKeyRecorded,
        Sentence("Ghi khóa ký điểm kiểm tra"),
        Touches.NOTHING,
    ),
    Event(
        "sheet.drafted",
        Chain.AUDIT,
        p.SheetDrafted,
        Sentence("Lưu phiếu nháp"),
        Touches.NOTHING,
        ends_with_awards=True,
        logged=False,
        listed=False,
    ),
    _audit("submission.registered", p.SubmissionRegistered, Sentence("Nhận đơn dự thi")),
    _audit("submission.corrected", p.SubmissionCorrected, Sentence("Sửa đơn dự thi")),
    _audit("submission.film_received", p.SubmissionFilmReceived, Sentence("Nhận phim dự thi")),
    _audit("submission.poster_made", p.SubmissionPosterMade, Sentence("Chọn ảnh bìa khác cho phim dự thi")),
    _audit("submission.returned", p.SubmissionReturned, Sentence("Yêu cầu bổ sung tác phẩm")),
    _audit("submission.withdrawn", p.SubmissionWithdrawn, Sentence("Rút tác phẩm dự thi")),
    _audit("submission.disqualified", p.SubmissionDisqualified, Sentence("Loại tác phẩm khỏi cuộc thi")),
    _audit("submission.reinstated", p.SubmissionReinstated, Sentence("Khôi phục tác phẩm dự thi")),
    _audit("submission.accepted", p.SubmissionAccepted, Sentence("Tác phẩm đạt sơ loại")),
    _audit("submission.rejected", p.SubmissionRejected, Sentence("Tác phẩm không đạt sơ loại")),
    _audit("submission.resubmitted", p.SubmissionResubmitted, Sentence("Gửi lại tác phẩm đã bổ sung")),
    _audit("submission.rescreened", p.SubmissionRescreened, Sentence("Yêu cầu sơ loại lại tác phẩm")),
    Event(
        "screening.verdict_given",
        Chain.AUDIT,
        p.ScreeningVerdictGiven,
        Sentence("Đánh giá sơ loại"),
        Touches.NOTHING,
        by_confirmed=True,
    ),
    _audit("screening.recused", p.ScreeningRecused, Sentence("Người sơ loại rút khỏi tác phẩm")),
    _audit("submission.link_made", p.SubmissionLinkMade, Sentence("Tạo liên kết riêng của tác giả")),
    _audit("person_data.exported", p.PersonDataExported, Sentence("Xuất dữ liệu của một tác giả")),
    _audit("person_request.received", p.PersonRequestReceived, Sentence("Yêu cầu về dữ liệu cá nhân")),
    _audit("person_request.closed", p.PersonRequestClosed, Sentence("Trả lời yêu cầu về dữ liệu cá nhân")),
    _audit("finalist.change_proposed", p.FinalistChangeProposed, Sentence("Đề nghị thay đổi tác phẩm chung kết")),
    _audit("finalist.change_declined", p.FinalistChangeDeclined, Sentence("Không đồng ý thay đổi tác phẩm chung kết")),
    _audit("finalist.posted", p.FinalistPosted, Sentence("Ghi bài đăng của tác phẩm chung kết")),
    _audit("entry_door.set", p.EntryDoorSet, Sentence("Đặt lối nộp trực tuyến")),
    _frequent("note.added", p.NoteAdded, Sentence("Thêm ghi chú")),
    _frequent("note.removed", p.NoteRemoved, Sentence("Xóa ghi chú")),
    _frequent("film.opened", p.FilmOpened, Sentence("Mở phim")),
    _audit("film.copied", p.FilmCopied, Sentence("Làm bản sao của phim")),
    _audit("awards.exported", p.AwardsExported, Sentence("Tải bảng trao giải")),
    _audit("demo.completed", p.DemoCompleted, Sentence("Dựng xong cuộc thi dùng thử"), Touches.REBUILD),
    _audit("account.added", p.AccountAdded, Sentence("Thêm tài khoản"), Touches.PEOPLE),
    _audit("account.roles_set", p.RolesSet, Sentence("Đổi vai trò"), Touches.PEOPLE),
    _audit("account.deactivated", p.AccountDeactivated, Sentence("Khóa tài khoản"), Touches.PEOPLE),
    _audit("account.reactivated", p.AccountReactivated, Sentence("Mở khóa tài khoản"), Touches.PEOPLE),
    Event(
        "account.confirmed",
        Chain.AUDIT,
        p.AccountConfirmed,
        Sentence("Xác nhận tài khoản"),
        Touches.PEOPLE,
        by_confirmed=True,
    ),
    _audit("account.password_changed", p.PasswordChanged, Sentence("Đổi mật khẩu")),
    _audit("account.password_reset", p.PasswordReset, Sentence("Đặt lại mật khẩu")),
    _audit("account.link_made", p.ResetLinkMade, Sentence("Tạo liên kết đặt mật khẩu")),
    _audit("account.link_used", p.ResetLinkUsed, Sentence("Dùng liên kết đặt mật khẩu")),
    _session("session.began", p.SessionBegan, Sentence("Đăng nhập")),
    _session("session.ended", p.SessionEnded, Sentence("Đăng xuất")),
    _session("session.others_ended", p.OtherSessionsEnded, Sentence("Kết thúc các phiên khác")),
    _session("session.denied", p.SignInDenied, Sentence("Đăng nhập không được")),
    _audit("jobs.film_checks_requested", p.FilmChecksRequested, Sentence("Yêu cầu kiểm tra các phim")),
    _audit("jobs.film_copies_requested", p.FilmCopiesRequested, Sentence("Yêu cầu làm bản nhẹ của các phim")),
    _audit("jobs.film_comparisons_requested", p.FilmComparisonsRequested, Sentence("Yêu cầu so sánh các phim")),
    _audit("film_pair.decided", p.FilmPairDecided, Sentence("Quyết định về hai phim giống nhau")),
    _audit("job.cancelled", p.JobCancelled, Sentence("Hủy việc chạy nền")),
    _audit("job.retried", p.JobRetried, Sentence("Chạy lại việc chạy nền")),
    _audit("official.added", p.OfficialAdded, Sentence("Thêm thành viên các ban")),
    _audit("official.corrected", p.OfficialCorrected, Sentence("Sửa thành viên các ban")),
    _audit("official.removed", p.OfficialRemoved, Sentence("Đưa thành viên ra khỏi danh sách các ban")),
    _audit("match.decided", p.MatchDecided, Sentence("Quyết định về tác giả giống thành viên các ban")),
    _audit("texts.erased", p.TextsErased, Sentence("Xóa dữ liệu cá nhân"), Touches.REBUILD),
)
_SUBJECTS = ("account", "judge", "entry", "submission", "author_key", "official", "prize", "decision", "file")
EVENTS: dict[str, Event] = {event.name: event for event in _ALL}
_BY_PAYLOAD: dict[type[Payload], Event] = {event.payload: event for event in _ALL}


def event_of(payload: Payload) -> Event:
    """The event that this payload's class belongs to."""
    return _BY_PAYLOAD[type(payload)]


def encode(payload: Payload) -> str:
    """The payload as canonical JSON (RFC 8785)."""
    text = msgspec.json.encode(payload, order="sorted")  # 40 times faster; the key order differs only for non-ASCII
    return text.decode() if text.isascii() else rfc8785.dumps(msgspec.to_builtins(payload)).decode()


def decode(row: Row) -> Payload:
    """The row's payload as its event's class. Raises UnknownEvent, or ValueError if the JSON does not fit the class."""
    if row.event not in EVENTS:
        raise UnknownEvent(row.event, row.version)
    return msgspec.json.decode(row.payload, type=EVENTS[row.event].payload_class(row.version))


def entry_of(row: Row) -> str:
    """The work's code in the payload of an event with Touches.ENTRY."""
    return str(getattr(decode(row), "entry"))  # noqa: B009  # a test checks that all these payloads have it


def subjects(payload: Payload) -> dict[str, str]:
    """What the payload is about, by field: codes, prizes, file names and pseudonyms; never a mark, a reason or a name."""
    found = {
        field.name: getattr(payload, field.name)
        for field in msgspec.structs.fields(payload)
        if field.name in _SUBJECTS and field.type != Digest
    }
    return {name: str(found[name]) for name in _SUBJECTS if found.get(name) is not None}


def names_touching(*touches: Touches) -> tuple[str, ...]:
    """The names of the events with any of these `touches`."""
    return tuple(event.name for event in EVENTS.values() if event.touches in touches)


def commitments(payload: Payload) -> Iterator[str]:
    """The commitments to personal texts in a payload."""
    for field in msgspec.structs.fields(payload):
        value = getattr(payload, field.name)
        if value is not None and Commitment in (field.type, *get_args(field.type)):
            yield value
