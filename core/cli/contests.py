"""Reads a contest file for a command: problems raise, doubtful notices are returned."""

from core.rules.contest import Contest
from core.rules.contest_file.reader import BadContestFile, finding_sentence, review
from core.rules.words import Sentence


def contest_of(text: str, name: str, also: str | None = None) -> tuple[Contest, list[Sentence]]:
    """The contest of the file text, and its notices: the doubtful ones, and those of keys that start with `also`.

    `name` is the file name used in messages. Raises `BadContestFile` with all problems and these notices.
    """
    reviewed = review(text, name)
    notices = [each for each in reviewed.notices if each.doubtful or (also and each.key.startswith(also))]
    if reviewed.contest is None:
        raise BadContestFile(name, reviewed.problems, notices)
    return reviewed.contest, [finding_sentence(name, notice) for notice in notices]
