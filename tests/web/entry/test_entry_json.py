"""Forms in requests: the largest that is accepted, and what no page of ours sends."""

from dataclasses import asdict, replace
from datetime import date
from typing import Any

import pytest

from core.rules.contest_file.reader import load
from core.rules.entries.form import LENGTHS, MOST_AUTHORS, Author, SubmissionForm, checked
from core.web.entry.entry_json import form_of
from core.web.http.request_json import BadRequest
from tests.desk.contest_with_panel import CONTEST
from tests.desk.entries.entered import FORM

TEXTS = {name: "ộ" * LENGTHS[name] for name in ("title", "unit", "group", "summary")}
AUTHORS = tuple(Author("ộ" * LENGTHS["name"], "1990-03-15", "0912345678") for _ in range(MOST_AUTHORS))
LARGEST = replace(FORM, **TEXTS, authors=AUTHORS)  # type: ignore[arg-type]


def sent(form: SubmissionForm) -> dict[str, Any]:
    return {
        **asdict(form),
        "authors": [asdict(each) for each in form.authors],
        "terms": [list(each) for each in form.terms],
    }


def test_the_largest_form_that_is_accepted_is_read() -> None:
    assert checked(form_of(sent(LARGEST)), load(CONTEST, "contest.toml"), date(2024, 7, 1)) == form_of(sent(LARGEST))


def test_a_form_that_would_keep_the_desk_busy_is_not_read() -> None:
    text = "\n" * 300  # less than any field may have
    authors = tuple(Author(text, text, text) for _ in range(MOST_AUTHORS))
    with pytest.raises(BadRequest):
        form_of(sent(replace(FORM, authors=authors)))
