"""Until when a person's request is answered (docs/contest-rules.md, Law)."""

from datetime import datetime

import pytest

from core.rules.entries.person_requests import KIND_NAMES, RequestKind, due


@pytest.mark.parametrize(
    "received,expected",
    [
        ("2024-07-05T16:00:00+07:00", "2024-07-08T16:00:00+07:00"),  # 72 hours, a weekend among them
        ("2025-12-31T23:59:59+07:00", "2026-01-03T23:59:59+07:00"),
        ("2026-01-01T00:00:00+07:00", "2026-01-05T23:59:59+07:00"),  # Thursday: Friday, Monday
        ("2026-07-06T08:00:00+07:00", "2026-07-08T23:59:59+07:00"),
        ("2026-07-10T20:00:00+07:00", "2026-07-14T23:59:59+07:00"),  # Friday: Monday, Tuesday
        ("2026-07-10T18:00:00+00:00", "2026-07-14T23:59:59+07:00"),  # already Saturday in Vietnam
    ],
)
def test_an_answer_is_due_as_the_law_of_its_day_says(received: str, expected: str) -> None:
    assert due(datetime.fromisoformat(received)) == datetime.fromisoformat(expected)


def test_every_kind_has_a_name() -> None:
    assert set(KIND_NAMES) == set(RequestKind)
