"""A contest file opened by a command: its problems are refused, its doubtful notices are printed."""

import sys

from core.rules.contest import Contest
from core.rules.contest_file import BadContestFile, review, said
from core.rules.words import Tongue


def contest_of(text: str, name: str, tongue: Tongue, also: str | None = None) -> Contest:
    """The contest of a file's text; doubtful notices go to stderr, and all those of keys that begin with `also`.

    Raises `BadContestFile`, whose sentences are every problem and every such notice.
    """
    reviewed = review(text, name)
    notices = [each for each in reviewed.notices if each.doubtful or (also and each.key.startswith(also))]
    if reviewed.contest is None:
        raise BadContestFile(name, reviewed.problems, notices)
    for notice in notices:
        print(said(name, notice).said(tongue), file=sys.stderr)
    return reviewed.contest
