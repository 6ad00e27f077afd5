"""Changes that are committed together: the writer is held until all of them have queued."""

import threading
from collections.abc import Callable

from core.store.engine import Store, Unit
from core.store.events.payloads import FilmOpened


class Stopped:
    """The writer held inside a change, so that what comes next queues into one batch."""

    def __init__(self, store: Store) -> None:
        self.store, self.inside, self.go = store, threading.Event(), threading.Event()
        self.thread = threading.Thread(target=store.change, args=(self._hold,))

    def _hold(self, unit: Unit) -> int:
        self.inside.set()
        assert self.go.wait(20)
        return unit.record(at=1, actor="system", payload=FilmOpened("T-101")).id

    def __enter__(self) -> None:
        self.thread.start()
        assert self.inside.wait(20)

    def __exit__(self, *_: object) -> None:
        self.go.set()
        self.thread.join()


def queued_together(store: Store, acts: list[Callable[[Unit], object]]) -> list[object]:
    """Let `acts` wait in this order and be committed as one batch; each answer, or what was raised."""
    answers: list[object] = [None] * len(acts)

    def ask(place: int) -> None:
        try:
            answers[place] = store.change(acts[place])
        except BaseException as refused:  # noqa: BLE001  # whatever it was is the answer
            answers[place] = refused

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(len(acts))]
    with Stopped(store):
        for waiting, thread in enumerate(threads, 1):
            thread.start()
            while store._queue.qsize() < waiting:
                thread.join(0.001)
    for thread in threads:
        thread.join()
    return answers
