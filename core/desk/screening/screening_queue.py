"""The screeners' queue: what waits for whom, how much is done, and one work opened. A blind queue holds no author."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.desk import context, stored_forms
from core.desk.background.film_checks import FilmCheck, film_check_of
from core.desk.entries import entry_refusals as refusals
from core.desk.screening import screening_access
from core.desk.screening.screening_access import SCREENED, NotYours, Screener
from core.rules.access import Principal
from core.rules.contest import Contest, ScreeningItem, VideoRules
from core.rules.entries.form import SubmissionForm
from core.rules.entries.screening import Verdict, verdicts_of
from core.rules.entries.states import SubmissionState
from core.rules.permissions import may_screen, may_see_the_screening, must
from core.rules.words import Language, Moment, Points, Sentence
from core.store.engine import Connection, Store
from core.store.films import film_copies
from core.store.films.film_copies import CopyKind
from core.store.queries import screening as rows
from core.store.queries import submissions
from core.store.queries.screening import VerdictRow
from core.store.queries.submissions import Submission

DECIDED = (SubmissionState.ACCEPTED, SubmissionState.REJECTED)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many works are screened of how many, and by when. `days` are whole days left; None without a calendar."""

    screened: int
    all: int
    closes: datetime | None
    days: int | None
    late: bool  # the screening has ended and works still wait (R17)

    @property
    def sentence(self) -> Sentence:
        """The progress in words, with the date by which the screening ends."""
        facts: dict[str, object] = {"screened": self.screened, "all": self.all, "days": self.days}
        if self.closes is None:
            return Sentence("Đã sơ loại {screened} trong {all} tác phẩm.", facts)
        facts["closes"] = Moment(self.closes, seconds=False)
        if self.late:
            text = "Đã sơ loại {screened} trong {all} tác phẩm; hạn {closes} đã qua (kế hoạch IV.4)."
            return Sentence(text, facts)
        return Sentence("Đã sơ loại {screened} trong {all} tác phẩm; còn {days} ngày, đến {closes}.", facts)


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A work in the queue. `waits`: for this reader's verdict. `mine`: the reader has given one about this revision."""

    code: str
    title: str
    milliseconds: int
    state: SubmissionState
    waits: bool
    mine: bool
    given: int  # verdicts about this revision
    names_author: bool  # a screener has seen the author named in the picture


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue as one person sees it: first what waits for them."""

    lines: tuple[QueueLine, ...]
    progress: Progress
    screens: bool  # False: the reader only watches

    @property
    def waiting(self) -> int:
        """How many works wait for the reader."""
        return sum(line.waits for line in self.lines)


@dataclass(frozen=True, slots=True)
class OpenedWork:
    """One work for its screener. `form` is None in a blind screening, and then only `title` and `facts` are known."""

    line: QueueLine
    revision: int
    measured: tuple[tuple[str, Sentence], ...]  # the number of the rule, and the measured value beside what it allows
    facts: tuple[tuple[Sentence, str], ...]
    form: SubmissionForm | None
    has_light_copy: bool
    check: FilmCheck | None  # of its film by the desk
    findings: tuple[str, ...]  # the lines of that check
    items: tuple[ScreeningItem, ...]
    verdicts: tuple[Verdict, ...]
    asks_names: bool
    screens: bool


def queue(store: Store, who: Principal, now: datetime) -> Queue:
    """The queue. Raises NotAllowed."""
    must(may_see_the_screening(who))
    with store.read() as connection:
        return _queue(connection, who, now)


def _queue(connection: Connection, who: Principal, now: datetime) -> Queue:
    contest, reader = context.contest_state_in(connection).contest, screening_access.screener(connection, who)
    given, every = rows.verdicts(connection), submissions.every(connection)
    screens = may_screen(who)
    shown = [each for each in every if each.state in SCREENED and each.film is not None]
    lines = [
        _line(each, reader, given, contest, screens=screens) for each in shown if not screens or reader.may_screen(each)
    ]
    return Queue(tuple(sorted(lines, key=_urgency)), _progress(every, contest, now), screens)


def progress(store: Store, who: Principal, now: datetime) -> Progress:
    """How far the screening is. Raises NotAllowed."""
    must(may_see_the_screening(who))
    with store.read() as connection:
        return _progress(submissions.every(connection), context.contest_state_in(connection).contest, now)


def opened(store: Store, who: Principal, code: str, language: Language) -> OpenedWork:
    """One work with its film's findings and the checklist. Raises NotAllowed, UnknownSubmission, NotYours."""
    must(may_see_the_screening(who))
    with store.read() as connection:
        contest, reader = context.contest_state_in(connection).contest, screening_access.screener(connection, who)
        found = submissions.find(connection, code)
        if found is None or found.state not in SCREENED or found.film is None:
            raise refusals.UnknownSubmission
        screens = may_screen(who)
        if screens and not reader.may_screen(found):
            raise NotYours
        form = stored_forms.decode(found.form)
        line = _line(found, reader, rows.verdicts(connection, found.id), contest, screens=screens)
        check = film_check_of(connection, code)
        light = CopyKind.LIGHT in film_copies.of_film(connection, found.film)
        return OpenedWork(
            line, found.revision, _measured(found, contest.entries.video), _facts(form),
            None if contest.screening.blind else form, light, check, check.report.get(language.value, ()) if check else (),
            contest.screening.items, verdicts_of(contest.screening), screening_access.blind(contest), screens,
        )  # fmt: skip


def _measured(submission: Submission, rules: VideoRules) -> tuple[tuple[str, Sentence], ...]:
    """What the film was taken for: its picture's size (R10) and its length (R13)."""
    allowed = ", ".join(f"{width}×{height}" for width, height in rules.sizes)
    size = {"size": f"{submission.width}×{submission.height}", "allowed": allowed}
    least, most = rules.seconds
    length = {"length": Points(round((submission.milliseconds or 0) / 100), 1), "least": least, "most": most}
    return (
        ("R10", Sentence("Khung hình {size}; thể lệ nhận {allowed}.", size)),
        ("R13", Sentence("Thời lượng {length} giây; thể lệ nhận từ {least} đến {most} giây.", length)),
    )


def _facts(form: SubmissionForm) -> tuple[tuple[Sentence, str], ...]:
    """What a screener may know of a form in a blind screening too: nothing that names a person or a place of work."""
    found = (
        (Sentence("Thể loại"), form.form),
        (Sentence("Đối tượng dự thi"), form.category),
        (Sentence("Ngày công bố"), form.published_on),
    )
    return tuple((name, value) for name, value in found if value)


def _line(
    submission: Submission, reader: Screener, given: list[VerdictRow], contest: Contest, *, screens: bool
) -> QueueLine:
    about = screening_access.of_revision(given, submission)
    return QueueLine(
        submission.code, stored_forms.decode(submission.form).title, submission.milliseconds or 0, submission.state,
        waits=screens and screening_access.waits_for(reader, submission, about, contest),
        mine=any(each.screener == reader.username for each in about),
        given=len(about),
        names_author=submission.state in DECIDED and any(each.names_author for each in about),
    )  # fmt: skip


def _urgency(line: QueueLine) -> tuple[bool, bool]:
    return not line.waits, line.state is not SubmissionState.RECEIVED


def _progress(every: list[Submission], contest: Contest, now: datetime) -> Progress:
    out = (SubmissionState.AWAITING_FILM, SubmissionState.WITHDRAWN, SubmissionState.DISQUALIFIED)
    competing = [each for each in every if each.state not in out]
    waiting = sum(each.state in {SubmissionState.RECEIVED, SubmissionState.RETURNED} for each in competing)
    done = len(competing) - waiting
    if contest.phases is None:
        return Progress(done, len(competing), None, None, late=False)
    closes = contest.phases.screening.closes
    late = waiting > 0 and now.replace(microsecond=0) > closes
    return Progress(done, len(competing), closes, max((closes - now) // DAY, 0), late)
