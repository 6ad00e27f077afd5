"""The numbers that stand for judges where their names must not stand beside marks."""

import hmac
from collections.abc import Iterable


def numbered(judges: Iterable[str], salt: str) -> tuple[str, ...]:
    """The usernames in the order of the numbers 1, 2, …: by HMAC-SHA256 under the contest's secret.

    Nothing printed gives the order away: whoever does not hold `salt` cannot compute it from guessed usernames. The same
    judges have the same order on every paper and chart. Raises ValueError where there is no salt.
    """
    if not salt:
        raise ValueError("no salt: the order could be computed by anybody")
    return tuple(sorted(judges, key=lambda judge: hmac.digest(salt.encode(), judge.encode(), "sha256")))
