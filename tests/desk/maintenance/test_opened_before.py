"""A contest that was opened before a check of its file existed stays readable: its sheets and its awards are in the database."""

import pytest

from core.desk import context
from core.desk.maintenance.operations import verify
from core.rules.contest_file.reader import BadContestFile, load, load_stored
from core.store.engine import Store
from tests.desk import judged_contest

RISING = judged_contest.TOML.replace("amount = 5_000_000", "amount = 500_000")


def test_prizes_that_rise_refuse_a_new_file_and_close_no_running_contest(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BadContestFile):
        load(RISING, "contest.toml")
    monkeypatch.setattr(judged_contest, "load", load_stored)
    store = judged_contest.judged(sqlite_store, toml=RISING)
    assert context.contest(store).prizes[0].amount == 500_000
    assert not [each for each in verify(store).findings if "contest.toml" in str(each.facts)]
