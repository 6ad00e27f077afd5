"""Recounts a contest from files alone, so that a third party can do it (docs/design.md, Recount from files).

No database is needed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from core.desk.files.interaction_list import Interactions, read_interactions
from core.desk.files.score_list import Scores, read_scores
from core.desk.text_input.csv_lines import Problem
from core.desk.text_input.spellings import Spellings
from core.rules.contest import Contest
from core.rules.ids import EntryId, JudgeId
from core.rules.interactions import Reading, counted
from core.rules.look_alikes import visible
from core.rules.prizes.allocation import Allocation, allocate
from core.rules.prizes.prize_kinds import PRIZE_KINDS
from core.rules.rule_card import card
from core.rules.scoring.ranking import Standing, rank_panels
from core.rules.words import Sentence


@dataclass(frozen=True, slots=True)
class Recount:
    """The result from the files, the problems by line, and general notices."""

    contest: Contest
    rule_card: str
    standings: tuple[Standing, ...]
    allocation: Allocation
    problems: tuple[Problem, ...]
    notices: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """A file's name, used in refusals, and its text."""

    name: str
    text: str


def recount(contest: Contest, scores: File, interactions: File | None = None) -> Recount:
    """Standings and awards from the scores and the interactions. A bad line is reported and does not stop the rest.

    Raises NoHeader, ColumnTwice.
    """
    marked, posts = read_scores(scores.text, scores.name, contest), Interactions()
    if interactions is not None:
        posts = read_interactions(interactions.text, interactions.name)
    readings = _of_works(marked, posts)
    by_files, notices = _with_chief_of(marked.judges, contest)
    standings = rank_panels(by_files, marked.panels)
    allocation = allocate(by_files, standings, counted(contest, readings))
    if interactions is None:
        allocation, unread = _without_counts(contest, allocation)
        notices += unread
    problems = _by_line(marked.problems)
    problems += [replace(p, what=Sentence("Tệp tương tác: {what}", {"what": p.what})) for p in _by_line(posts.problems)]
    return Recount(
        contest,
        card.fingerprint(contest, card.CURRENT),
        standings,
        allocation,
        tuple(problems),
        tuple(notices),
    )


def _by_line(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: problem.line)


def _of_works(marked: Scores, posts: Interactions) -> list[Reading]:
    """The readings of works in the score file, under the spelling used there.

    Unknown codes and different spellings are added to the problems of the files.
    """
    works = dict[str, EntryId]()
    for code in posts.works.firsts.values():
        at, work = posts.works.lines[code], marked.works.found(code)
        if work is None:
            what = Sentence("Không có tác phẩm “{entry}” trong tệp điểm: không tính.", {"entry": visible(code)})
            posts.problems.append(Problem(at, what))
            continue
        works[code] = EntryId(work)
        if code not in marked.works.lines:
            line = marked.works.lines[work]
            facts = {"one": visible(work), "line": line, "other": visible(code), "at": at}
            what = Sentence(
                "Một tác phẩm viết hai cách: “{one}” ở dòng {line} của tệp điểm và “{other}” ở dòng {at} của tệp tương tác; tính là một, theo cách viết trong tệp điểm.",
                facts,
            )
            marked.problems.append(Problem(line, what))
            posts.problems.append(Problem(at, what))
    return [replace(reading, entry=works[reading.entry]) for reading in posts.readings if reading.entry in works]


def _with_chief_of(judges: Spellings, contest: Contest) -> tuple[Contest, list[Sentence]]:
    """The contest with its chief spelled as in the score file, and a notice if the chief is missing or respelled."""
    chief = contest.ties.chief
    if chief is None:
        return contest, []
    found = judges.found(chief)
    if found is None:
        facts = {"chief": visible(chief)}
        return contest, [Sentence("Trưởng Ban Giám khảo “{chief}” của tệp cuộc thi không có trong tệp điểm.", facts)]
    if found == chief:
        return contest, []
    facts = {"chief": visible(chief), "found": visible(found)}
    what = Sentence("Trưởng Ban Giám khảo “{chief}” của tệp cuộc thi là “{found}” trong tệp điểm.", facts)
    return replace(contest, ties=replace(contest.ties, chief=JudgeId(found))), [what]


def _without_counts(contest: Contest, allocation: Allocation) -> tuple[Allocation, list[Sentence]]:
    """The allocation without an interactions file: prizes by interaction are vacant for that reason, with a notice."""
    by_counts = [prize for prize in contest.prizes if PRIZE_KINDS[prize.by].needs_counts]
    if not by_counts:
        return allocation, []
    keys, why = {prize.key for prize in by_counts}, Sentence("Không có tệp số liệu tương tác nên chưa xét giải này.")
    vacant = tuple(replace(each, why=why) if each.prize in keys else each for each in allocation.vacant)
    facts = {"prizes": ", ".join(prize.name for prize in by_counts)}
    what = Sentence("Không có tệp số liệu tương tác (--interactions): chưa xét {prizes}.", facts)
    return replace(allocation, vacant=vacant), [what]
