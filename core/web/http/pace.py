"""A steady pace with a reserve, by key: how often something may be done. One number is kept for each key (GCRA)."""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

MOST_KEYS = 10_000


@dataclass(slots=True)
class Pace:
    """`burst` at once, then `per_second` of them. Not for threads: the event loop alone asks."""

    per_second: float
    burst: int
    clock: Callable[[], float] = time.monotonic
    _next: dict[Hashable, float] = field(default_factory=dict)  # when the reserve of a key would be full again

    def wait(self, key: Hashable) -> float:
        """Seconds until this key may go on; 0 where it may at once."""
        now = self.clock()
        return max(0.0, self._next.get(key, now) - (self.burst - 1) / self.per_second - now)

    def take(self, key: Hashable) -> float:
        """Reserve the next turn of this key; the answer is how many seconds it has to wait for it."""
        wait, now = self.wait(key), self.clock()
        if len(self._next) >= MOST_KEYS:
            self._next = {each: full for each, full in self._next.items() if full > now}
        self._next[key] = max(self._next.get(key, now), now) + 1 / self.per_second
        return wait
