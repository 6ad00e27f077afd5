"""The list of finalists: code, title and state, where each was posted, and the list as files (R06, R17)."""

from dataclasses import dataclass
from datetime import datetime

from core.desk import authorization, context
from core.desk.judging.judge_assignment import clean_text, required_reason
from core.desk.printed_marks import printed_mark
from core.papers.finals_table import FinalsRow, finals_workbook
from core.rules.access import Principal
from core.rules.entries.posts import checked_address, checked_posted_at, posted_late
from core.rules.entries.states import STATE_NAMES, SubmissionState
from core.rules.permissions import may_record_posts, may_see_finals, must
from core.rules.words import Refusal
from core.store.engine import Connection, Store, WriteTransaction
from core.store.events.payloads import FinalistPosted
from core.store.finals import posts as rows
from core.store.finals.posts import PostRow

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class NoFinalist(Refusal):
    """No work of the final round has this code (R06: only finalists are posted)."""

    def __init__(self) -> None:
        super().__init__("Không có tác phẩm chung kết nào mang mã này.")


class PostEnteredMeanwhile(Refusal):
    """Somebody has entered or corrected this post since it was read."""

    def __init__(self, by: str) -> None:
        super().__init__("{by} vừa ghi bài đăng của tác phẩm này; hãy tải lại trang rồi xem lại.", by=by)


class NothingToCorrect(Refusal):
    """There is no address, and there was none."""

    def __init__(self) -> None:
        super().__init__("Hãy ghi địa chỉ bài đăng.")


@dataclass(frozen=True, slots=True)
class Post:
    """Where and when a finalist was posted, who entered it, and why it was corrected."""

    address: str
    posted_at: datetime | None
    reason: str
    entered_by: str
    entered_at: datetime


@dataclass(frozen=True, slots=True)
class Finalist:
    """A work of the final round. `posts`: oldest first, the last one counts. `seen` names it, 0 where there is none."""

    code: str
    title: str
    submission: str
    state: SubmissionState
    posts: tuple[Post, ...]
    seen: int
    late: bool  # posted after the window of R17, or not posted and the window has ended

    @property
    def post(self) -> Post | None:
        """The post that counts; None where there is none."""
        last = self.posts[-1] if self.posts else None
        return last if last and last.address else None

    @property
    def competes(self) -> bool:
        return self.state is SubmissionState.FINALIST

    @property
    def post_text(self) -> str:
        """What a post says: the code and the title, never an author (practice 6.2)."""
        return f"{self.code} – {self.title}"


@dataclass(frozen=True, slots=True)
class NewPost:
    """What is entered about a finalist's post. `seen`: `Finalist.seen` as it was shown; `reason`: of a correction."""

    code: str
    address: str
    posted_at: datetime
    seen: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file to download."""

    name: str
    media_type: str
    content: bytes


def listed(store: Store, who: Principal, now: datetime) -> tuple[Finalist, ...]:
    """All finalists, in the order of their codes. Raises NotAllowed."""
    must(may_see_finals(who))
    with store.read() as connection:
        return _listed(connection, now)


def record_post(store: Store, who: Principal, post: NewPost, now: datetime) -> None:
    """Enter where and when a finalist was posted; a correction, or a post that was taken down, needs a reason.

    Raises NotAllowed, BadAddress, PostedLater, NoFinalist, PostEnteredMeanwhile, NothingToCorrect, ReasonMissing, BadText.
    """
    address = checked_address(post.address)

    def act(transaction: WriteTransaction) -> None:
        connection, at = transaction.connection, context.written_at(transaction, now)
        if post.code not in {each.code for each in rows.finalists(connection)}:
            raise NoFinalist
        earlier = rows.posts(connection, post.code)
        if (earlier[-1].id if earlier else 0) != post.seen:
            raise PostEnteredMeanwhile(earlier[-1].entered_by if earlier else "–")
        if not address and not (earlier and earlier[-1].address):
            raise NothingToCorrect
        reason = required_reason(post.reason) if earlier else clean_text(post.reason, limit=1000)
        posted_at = (
            checked_posted_at(post.posted_at.replace(microsecond=0), context.ledger_time(transaction, now))
            if address
            else None
        )
        millis = None if posted_at is None else context.millis(posted_at)
        number = rows.insert(connection, post.code, address, millis, reason, by=who.username, at=at)
        payload = FinalistPosted(
            number, post.code, transaction.commit_text(address) if address else None, millis,
            transaction.commit_text(reason) if reason else None,
        )  # fmt: skip
        transaction.record(at=at, actor=who.username, payload=payload)

    authorization.change(store, who, may_record_posts, now, act)


def post_texts(finalists: tuple[Finalist, ...]) -> str:
    """The texts of all posts of works that compete: one line each, code and title only."""
    return "".join(f"{each.post_text}\n" for each in finalists if each.competes)


def text_file(store: Store, who: Principal, now: datetime) -> File:
    """The texts of the posts as a file, UTF-8 with a byte order mark. Raises NotAllowed."""
    text = post_texts(listed(store, who, now))
    return File("bai-dang-chung-ket.txt", "text/plain; charset=utf-8", text.encode("utf-8-sig"))


def workbook_file(store: Store, who: Principal, now: datetime) -> File:
    """The list as a workbook, with the mark of the newest checkpoint. Raises NotAllowed, BrokenSigningKey."""
    found, contest = listed(store, who, now), context.contest(store)
    table = [
        FinalsRow(
            each.code, each.title, STATE_NAMES[each.state].text, each.post.address if each.post else "",
            each.post.posted_at if each.post else None, each.competes, each.late,
        )
        for each in found
    ]  # fmt: skip
    return File(
        f"danh-sach-chung-ket-{contest.key}.xlsx", XLSX, finals_workbook(contest.name, table, printed_mark(store, now))
    )


def _listed(connection: Connection, now: datetime) -> tuple[Finalist, ...]:
    contest, entered = context.contest_state_in(connection).contest, dict[str, list[PostRow]]()
    for each in rows.posts(connection):
        entered.setdefault(each.code, []).append(each)
    made = []
    for row in rows.finalists(connection):
        of_row = entered.get(row.code, [])
        posts, last = tuple(map(_post, of_row)), of_row[-1] if of_row else None
        late = posted_late(contest, context.moment(last.posted_at) if last else None, now)
        state = SubmissionState(row.state)
        made.append(Finalist(row.code, row.title, row.submission, state, posts, last.id if last else 0, late))
    return tuple(made)


def _post(row: PostRow) -> Post:
    entered_at = context.moment(row.entered_at)
    assert entered_at is not None
    return Post(row.address, context.moment(row.posted_at), row.reason, row.entered_by, entered_at)
