"""Complete sheets as values, and the standings of a list of them: how the tests of the rules state their cases."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from core.rules.contest import Contest
from core.rules.ids import CriterionKey, EntryId, JudgeId
from core.rules.scoring.ranking import MarkRow, Standing, rank_panels


@dataclass(frozen=True, slots=True)
class Sheet:
    """A judge's complete sheet on one work, in hundredths of a point."""

    judge: JudgeId
    entry: EntryId
    marks: Mapping[CriterionKey, int]


def rank(
    contest: Contest,
    entries: Iterable[EntryId],
    sheets: Iterable[Sheet],
    recusals: Collection[tuple[JudgeId, EntryId]] = (),
) -> tuple[Standing, ...]:
    """The standings of these works, best first, by the contest's own method; a recused judge's sheet does not count."""
    panels: dict[EntryId, dict[JudgeId, MarkRow]] = {entry: {} for entry in entries}
    keys = tuple(criterion.key for criterion in contest.criteria)
    for sheet in sheets:
        panel = panels.get(sheet.entry)
        if panel is not None and (sheet.judge, sheet.entry) not in recusals:
            if sheet.judge in panel:
                raise ValueError(f"two sheets of {sheet.judge} on {sheet.entry}")
            panel[sheet.judge] = tuple([sheet.marks[key] for key in keys])
    return rank_panels(contest, panels)
