"""A rate limit per key, by the generic cell rate algorithm (GCRA): one number is stored for each key."""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

MOST_KEYS = 10_000


@dataclass(slots=True)
class RateLimit:
    """Allows `burst` at once, then `per_second`. Not thread-safe: call it only from the event loop."""

    per_second: float
    burst: int
    clock: Callable[[], float] = time.monotonic
    _next: dict[Hashable, float] = field(default_factory=dict)  # by key: when its full burst is available again

    def wait(self, key: Hashable) -> float:
        """Seconds until the key's next turn; 0 if it is now. Reserves nothing."""
        now = self.clock()
        return max(0.0, self._next.get(key, now) - (self.burst - 1) / self.per_second - now)

    def take(self, key: Hashable) -> float:
        """Reserve the next turn of this key. Returns the seconds to wait until it."""
        wait, now = self.wait(key), self.clock()
        if len(self._next) >= MOST_KEYS:
            self._next = {each: full for each, full in self._next.items() if full > now}
        self._next[key] = max(self._next.get(key, now), now) + 1 / self.per_second
        return wait
