"""A contest recounted from files alone, with no database, so that a third party can (DESIGN §4, §5)."""

from dataclasses import dataclass

from core.desk.interaction_files import read_interactions
from core.desk.lines import Problem
from core.desk.score_files import read_scores
from core.rules.contest import Contest
from core.rules.interactions import Reading, counted
from core.rules.prizes import Allocation, allocate
from core.rules.ranking import Standing, rank
from core.rules.rule_card import fingerprint
from core.rules.words import Sentence


@dataclass(frozen=True, slots=True)
class Recount:
    """What the files give, and what in them could not be used."""

    contest: Contest
    rule_card: str
    standings: tuple[Standing, ...]
    allocation: Allocation
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class File:
    """A file's name, for refusals, and its text."""

    name: str
    text: str


def recount(contest: Contest, scores: File, interactions: File | None = None) -> Recount:
    """Standings and awards from the scores and the interactions; a bad line is a problem and stops nothing else."""
    marked = read_scores(scores.text, scores.name, contest)
    problems, readings = marked.problems, list[Reading]()
    if interactions is not None:
        readings, found = read_interactions(interactions.text, interactions.name)
        problems += [Problem(p.line, Sentence("Tệp tương tác: {what}", {"what": p.what})) for p in found]
    entries = dict.fromkeys([*marked.entries, *(reading.entry for reading in readings)])
    standings = rank(contest, entries, marked.sheets)
    allocation = allocate(contest, standings, counted(contest, readings))
    return Recount(contest, fingerprint(contest), standings, allocation, tuple(problems))
