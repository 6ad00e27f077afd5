"""A served demo in which one submission passed the screening: its list waits to be closed and drawn."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from core.desk.entries.registration import register_by_office
from core.rules.entries.form import SubmissionForm
from core.store.engine import connect
from tests.desk.entries.accepted import accepted, received
from tests.desk.entries.entered import FORM, OFFICE
from tests.serving.servers import Server, serving


@contextmanager
def serving_finals(template: Path, folder: Path) -> Iterator[Server]:
    """Serve a copy of the demo `template` in `folder`, with one submission that passed."""
    shutil.copytree(template, folder)
    with serving(folder) as server:
        pass_one(server, FORM)
        yield server


def pass_one(server: Server, form: SubmissionForm) -> str:
    """Enter a work, with its film, that passed the screening; returns its code."""
    with closing(connect(server.database_url)) as store:
        code = register_by_office(store, OFFICE, form, datetime.now(UTC), late_reason="Bưu điện chậm").code
        received(store, code)
        accepted(store, code)
    return code
