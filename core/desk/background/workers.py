"""The worker of this process: the desk's database, its film library, and the register of job kinds."""

from core.desk import context
from core.desk.background.job_kinds import JOB_KINDS
from core.jobs.worker import Worker
from core.settings import settings
from core.speech import locale


def worker() -> Worker:
    """A worker on the database of the settings. Raises what `context.store` raises."""
    return Worker(context.store(), settings().library, JOB_KINDS, locale, lambda: context.millis(context.now()))
