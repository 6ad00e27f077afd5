"""A contest file opened by a command: its problems are refused, its doubtful notices are told."""

from core.rules.contest import Contest
from core.rules.contest_file.reader import BadContestFile, review, said
from core.rules.words import Sentence


def contest_of(text: str, name: str, also: str | None = None) -> tuple[Contest, list[Sentence]]:
    """The contest of a file's text, and its doubtful notices with all those of keys that begin with `also`.

    Raises `BadContestFile`, whose sentences are every problem and every such notice.
    """
    reviewed = review(text, name)
    notices = [each for each in reviewed.notices if each.doubtful or (also and each.key.startswith(also))]
    if reviewed.contest is None:
        raise BadContestFile(name, reviewed.problems, notices)
    return reviewed.contest, [said(name, notice) for notice in notices]
