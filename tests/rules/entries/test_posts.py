"""Addresses and times of posts."""

from datetime import UTC, datetime, timedelta

import pytest

from core.rules.contest import Contest
from core.rules.contest_file.reader import load
from core.rules.entries.posts import BadAddress, PostedLater, checked_address, checked_posted_at, posted_late
from tests.desk.contest_with_panel import CONTEST

GOOD = "https://www.facebook.com/chuyendoiso.sonla/posts/pfbid02x?locale=vi_VN"
CLOSES = datetime(2024, 8, 10, 16, 59, 59, tzinfo=UTC)


def test_an_address_is_trimmed_and_none_is_empty() -> None:
    assert checked_address(f"  {GOOD}\n") == GOOD
    assert checked_address(" ") == ""


@pytest.mark.parametrize(
    "bad",
    [
        "http://facebook.com/x", "facebook.com/x", "javascript:alert(1)", "https://", "https://localhost/x",
        "https://an@facebook.com/x", "https://facebook.com:8443/x", "https://facebook.com/một", "https://facebook.com/a b",
        "https://[::1]/x", "https://[x", "https://-x.com/", "https://facebook.com/\x00x", "https://facebook.com/" + "x" * 490,
        "https://facebook.com:99999/",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(bad: str) -> None:
    with pytest.raises(BadAddress):
        checked_address(bad)


def test_a_post_is_not_made_tomorrow() -> None:
    assert checked_posted_at(CLOSES, CLOSES) == CLOSES
    with pytest.raises(PostedLater):
        checked_posted_at(CLOSES + timedelta(seconds=1), CLOSES)


def test_a_post_is_late_after_the_last_second_of_the_window() -> None:
    contest, later = load(CONTEST, "contest.toml"), CLOSES + timedelta(days=9)
    assert not posted_late(contest, CLOSES + timedelta(milliseconds=900), later)
    assert posted_late(contest, CLOSES + timedelta(seconds=1), later)
    assert posted_late(contest, None, later) and not posted_late(contest, None, CLOSES)
    assert not posted_late(Contest("thu", "Cuộc thi thử", ()), None, later)
