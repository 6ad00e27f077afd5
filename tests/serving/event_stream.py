"""A live event stream as a client reads it, and a judge's submission that makes it send an event."""

import json
import math
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import httpx

ALIVE = frozenset({"beat", "away"})  # the events that report an open line, and whether its data can be read
# An ended line must be closed within so many seconds: it is checked every second, on a machine that may be busy.
SOON = 5.0


class Line:
    """An open event stream, read in its own thread."""

    def __init__(self, client: httpx.Client, address: str) -> None:
        self.events: list[tuple[str, dict[str, Any], float]] = []
        self.event_names: list[str] = []  # the name of every event, beats included
        self.bytes = b""
        self.closed = threading.Event()
        self._client, self._address = client, address
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        with (
            suppress(httpx.HTTPError, httpx.StreamError, OSError),
            self._client.stream("GET", self._address, timeout=60) as answer,
        ):
            assert answer.status_code == 200 and answer.headers["content-encoding"] == "identity"
            for piece in answer.iter_raw():
                self.bytes += piece
                *whole, _ = self.bytes.decode().split("\n\n")
                self.event_names = [each.split("\n")[0].removeprefix("event: ") for each in whole]
                news = [(name, each) for name, each in zip(self.event_names, whole, strict=True) if name not in ALIVE]
                for name, event in news[len(self.events) :]:
                    self.events.append((name, json.loads(event.partition("data: ")[2]), time.monotonic()))
        self.closed.set()

    def wait_for(self, name: str, seconds: float = 60) -> None:
        """Wait until the last event has this name."""
        until = time.monotonic() + seconds
        while not self.event_names or self.event_names[-1] != name:
            assert time.monotonic() < until, f"{self.event_names}, not {name}"
            time.sleep(0.005)

    def wait(self, number: int, seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while len(self.events) < number:
            assert time.monotonic() < until, f"{len(self.events)} of {number} events"
            time.sleep(0.005)


def quickest(waits: Iterable[float]) -> float:
    """The shortest of a few measured waits. Stops after the first under one second: a busy machine only makes waits
    longer.
    """
    best = math.inf
    for wait in waits:
        best = min(best, wait)
        if best < 1:
            break
    return best


def seen(line: Line, judge: httpx.Client, code: str, points: tuple[str, ...]) -> float:
    """Seconds from the desk's response to a judge until the stream has sent the change."""
    before = len(line.events)
    at = submitted(judge, code, points)
    line.wait(before + 1)
    _, news, received = line.events[before]
    assert code in news["rows"]
    return received - at


def submitted(client: httpx.Client, code: str, points: tuple[str, ...]) -> float:
    """Mark and submit a sheet over the web. Returns the time of the desk's response."""
    sheet = client.get(f"/api/sheet/{code}").json()
    keys = ("ND", "HT", "ST", "KT", "LT")
    body = {"version": sheet["version"], "marks": dict(zip(keys, points, strict=True)), "remarks": {}}
    saved = client.patch(f"/api/sheet/{code}", json=body)
    assert saved.status_code == 200, saved.text
    body = {"version": saved.json()["version"], "key": f"key-of-a-test-{code}-0000"}
    sealed = client.post(f"/api/sheet/{code}/submit", json=body)
    assert sealed.status_code == 200, sealed.text
    return time.monotonic()
