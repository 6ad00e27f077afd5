"""The prizes as they would be without one judge, or computed in another way. The official result never depends on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.desk.robustness.agreement import Additive
from core.rules.contest import Contest, Method, PrizeBy
from core.rules.ids import EntryId, JudgeId, PrizeKey
from core.rules.prizes.allocation import Decision, allocate
from core.rules.scoring.ranking import MarkRow, Standing, rank_panels

Panels = Mapping[EntryId, Mapping[JudgeId, MarkRow]]
METHODS = (Method.MEAN, Method.MEDIAN, Method.TRIMMED_MEAN, Method.RANK_MEAN)


@dataclass(frozen=True, slots=True)
class Given:
    """The prize by score that a work takes, by its key; `open`: only if the committee chooses it among equals."""

    prize: PrizeKey
    open: bool = False


Prizes = Mapping[EntryId, Given]  # works without a prize are left out


def official(contest: Contest, panels: Panels, decisions: Sequence[Decision]) -> Prizes:
    """The prizes by score, by the contest's own rules and the committee's decisions."""
    return _prizes(contest, rank_panels(contest, panels), decisions)


def without_judge(contest: Contest, panels: Panels, decisions: Sequence[Decision], judge: JudgeId) -> Prizes:
    """The prizes without the sheets of this judge; a work then needs one sheet fewer for a score, but at least one."""
    scoring = replace(contest.scoring, min_sheets=max(1, contest.scoring.min_sheets - 1))
    left = {
        entry: {other: marks for other, marks in panel.items() if other != judge} for entry, panel in panels.items()
    }
    fewer = replace(contest, scoring=scoring)
    return _prizes(fewer, rank_panels(fewer, left), decisions)


def by_method(contest: Contest, panels: Panels, decisions: Sequence[Decision], method: Method) -> Prizes:
    """The prizes by another scoring method."""
    other = replace(contest, scoring=replace(contest.scoring, method=method))
    return _prizes(other, rank_panels(other, panels), decisions)


def severity_adjusted(
    contest: Contest, panels: Panels, decisions: Sequence[Decision], fit: Additive, entries: Sequence[EntryId]
) -> Prizes:
    """The prizes by the mean of totals from which each judge's severity is taken; `entries` are the rows of `fit`.

    Works with too few sheets stay without a score. Equal scores share a place: no step of the contest's breaks them.
    """
    scale = 10**contest.scoring.decimals
    scores = {entry: int(np.floor(score * scale + 0.5)) for entry, score in zip(entries, fit.works, strict=True)}
    scored = [entry for entry in entries if len(panels[entry]) >= contest.scoring.min_sheets]
    ordered = sorted(scored, key=lambda entry: (-scores[entry], entry))
    ahead = {score: sum(scores[other] > score for other in scored) for score in set(scores.values())}
    standings = [Standing(ahead[scores[each]] + 1, each, scores[each], len(panels[each])) for each in ordered]
    standings += [Standing(None, each, None, len(panels[each])) for each in panels if each not in set(scored)]
    return _prizes(contest, standings, decisions)


def _prizes(contest: Contest, standings: Sequence[Standing], decisions: Sequence[Decision]) -> Prizes:
    by_score = tuple(prize for prize in contest.prizes if prize.by is PrizeBy.SCORE)
    keys = {prize.key for prize in by_score}
    found = allocate(
        replace(contest, prizes=by_score), standings, {}, tuple(each for each in decisions if each.prize in keys)
    )
    given = {entry: Given(tie.prize, open=True) for tie in reversed(found.undecided) for entry in tie.entries}
    return given | {award.entry: Given(award.prize) for award in found.awards}
