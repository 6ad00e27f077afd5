"""The rule card: every setting that decides a result, as one versioned document with a fingerprint (docs/design.md, Rule card).

A database stores the fingerprint of its contest's card for years, so a released version never changes. A release that
adds something to the card adds a version to `CARDS`; the earlier versions stay as they are.
"""

import json
from collections.abc import Callable
from datetime import UTC
from hashlib import sha256

from core.rules.contest import Contest

Plain = str | int | None | list["Plain"] | dict[str, "Plain"]
CURRENT = 1  # the version of new cards


def document(contest: Contest, version: int = CURRENT) -> dict[str, Plain]:
    """The rule card of a contest in the given version: every setting that may change who wins what.

    Raises KeyError for a version that is not in `CARDS`.
    """
    return {"version": version, **CARDS[version](contest)}


def canonical(contest: Contest, version: int = CURRENT) -> str:
    """The document as canonical JSON (RFC 8785).

    `json.dumps` suffices: keys are ASCII, and the values are texts, integers, nulls, lists and objects.
    """
    return json.dumps(document(contest, version), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(contest: Contest, version: int = CURRENT) -> str:
    """SHA-256 of the canonical document, as "sha256:…". Any changed rule changes it."""
    return "sha256:" + sha256(canonical(contest, version).encode()).hexdigest()


def _card_v1(contest: Contest) -> dict[str, Plain]:
    """Version 1: points in hundredths, the cut-off of interactions in UTC."""
    scoring, ties, worth, judging = contest.scoring, contest.ties, contest.interactions, contest.judging
    return {
        "contest": contest.key,
        "name": contest.name,
        "criteria": [
            {
                "key": c.key,
                "name": c.name,
                "max": c.maximum,
                "step": c.step,
                "weight": str(c.weight),
                "levels": [{"from": level.least, "says": level.says} for level in c.levels],
            }
            for c in contest.criteria
        ],
        "scoring": {
            "method": scoring.method,
            "trim": scoring.trim,
            "decimals": scoring.decimals,
            "min_sheets": scoring.min_sheets,
            "gap_alert": scoring.gap_alert,
        },
        "ties": {"ladder": list(ties.ladder), "chief": ties.chief, "then": ties.then},
        "prizes": [
            {
                "key": p.key,
                "name": p.name,
                "quantity": p.quantity,
                "amount": p.amount,
                "by": p.by,
                "certificate": p.certificate,
            }
            for p in contest.prizes
        ],
        "interactions": {
            "reactions": worth.reactions,
            "comments": worth.comments,
            "shares": worth.shares,
            "views": worth.views,
            "close": None if contest.phases is None else contest.phases.interactions_close.astimezone(UTC).isoformat(),
        },
        "judging": {
            "blind": int(judging.blind),
            "watched_share": judging.watched_share,
            "names_beside_marks": [*sorted(judging.names_beside_marks)],
            "standings_for_judges": judging.standings_for_judges,
        },
    }


CARDS: dict[int, Callable[[Contest], dict[str, Plain]]] = {1: _card_v1}  # version -> the card without its version
