"""How a submission's form is stored: JSON with a version. Every released version stays readable."""

import json
from functools import lru_cache

import msgspec

from core.rules.entries.form import SubmissionForm
from core.rules.people.person import Person

CURRENT = 1
ERASED = SubmissionForm("", "", "", "", "", "", "", ())  # stands for a form that was erased
REMEMBERED = 4096  # forms whose people are kept in memory


class _Stored(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    form: SubmissionForm


def encode(form: SubmissionForm) -> str:
    """The form as JSON of the current version."""
    document = {"version": CURRENT, "form": msgspec.to_builtins(form)}
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def decode(text: str) -> SubmissionForm:
    """The form from its stored text; ERASED from an empty one. Raises ValueError for a version of a later release."""
    if not text:
        return ERASED
    if (version := json.loads(text)["version"]) != CURRENT:
        raise ValueError(f"no such version of a form: {version}")
    return _DECODER.decode(text).form


@lru_cache(maxsize=REMEMBERED)
def people(text: str) -> tuple[Person, ...]:
    """The authors in a stored form. Remembered: each new submission is compared with the authors of all others."""
    return decode(text).people


_DECODER = msgspec.json.Decoder(_Stored)
