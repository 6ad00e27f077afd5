"""A worker process with planted kinds of jobs. python -m tests.fault.worker_process URL FILE

`endless` never ends by itself, and may take a second. `planted` takes a second and appends its subject to FILE; the subject `poison` ends the process in the middle.
"""

import os
import sys
import time
from pathlib import Path

from core.jobs.job_kind import JobKind, Result, RunningJob
from core.jobs.worker import Worker
from core.rules.words import Sentence
from core.speech import locale
from core.store.engine import connect

STEPS, STEP_S = 10, 0.05
BEAT_S, ABANDONED_S = 0.2, 5.0  # so many beats that a busy machine delays no living worker so long


def main(url: str, file: Path) -> None:
    """Do planted jobs until killed."""

    def run(job: RunningJob) -> Result:
        for step in range(STEPS):
            time.sleep(STEP_S)
            if job.subject == "poison" and step == STEPS // 2:
                os._exit(9)
            job.report_progress(step / STEPS)
        with file.open("a") as written:
            written.write(f"{job.subject}\n")
        return Result((Sentence("đạt"),))

    def endless(_job: RunningJob) -> Result:
        while True:
            time.sleep(STEP_S)

    kinds = {
        "planted": JobKind("planted", Sentence("Việc thử"), run),
        "endless": JobKind("endless", Sentence("Việc thử"), endless, time_limit_s=1),
    }
    store = connect(url)
    Worker(store, file.parent, kinds, locale, lambda: 0, beat_s=BEAT_S, abandoned_s=ABANDONED_S).run()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
