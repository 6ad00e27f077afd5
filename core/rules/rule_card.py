"""The rule card: what decides a result, as one document with a fingerprint (docs/design.md, Rule card)."""

import json
from datetime import UTC
from hashlib import sha256

from core.rules.contest import Contest

Plain = str | int | None | list["Plain"] | dict[str, "Plain"]


def document(contest: Contest) -> dict[str, Plain]:
    """Everything that may change who wins what; points in hundredths, the cut-off in UTC."""
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


def canonical(contest: Contest) -> str:
    """The document as RFC 8785 writes it: its keys are ASCII, its values texts and whole numbers."""
    return json.dumps(document(contest), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(contest: Contest) -> str:
    """SHA-256 of the canonical document, as "sha256:…": one changed rule, another fingerprint."""
    return "sha256:" + sha256(canonical(contest).encode()).hexdigest()
