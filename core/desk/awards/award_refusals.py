"""Reasons why the committee cannot decide or confirm: one class for each."""

from datetime import datetime

from core.rules.words import Moment, Refusal, Sentence


class NotYet(Refusal):
    """The round or the interactions are still open."""

    def __init__(self, missing: Sentence) -> None:
        super().__init__(missing.text, **missing.facts)


class AlreadyConfirmed(Refusal):
    """The award table is confirmed and cannot change any more."""

    def __init__(self, confirmed_at: datetime | None) -> None:
        when = Moment(confirmed_at) if confirmed_at else ""
        super().__init__(
            "Bảng trao giải đã được xác nhận lúc {confirmed_at}; không thay đổi được nữa.", confirmed_at=when
        )


class StillUndecided(Refusal):
    """A prize is undecided, so the table cannot be confirmed."""

    def __init__(self, prizes: tuple[str, ...]) -> None:
        super().__init__("Còn giải chưa quyết định: {prizes}.", prizes=", ".join(prizes))


class ChangedMeanwhile(Refusal):
    """The table has changed since the committee saw it."""

    def __init__(self) -> None:
        super().__init__("Bảng trao giải vừa thay đổi; hãy xem lại bảng mới rồi xác nhận.")


class BadChoice(Refusal):
    """The chosen works or the quantity are not valid for this prize."""


class NoSuchDecision(Refusal):
    """The decision was revoked or never made."""

    def __init__(self) -> None:
        super().__init__("Quyết định này không còn hiệu lực; hãy tải lại trang.")


class UnusedDecision(Refusal):
    """A decision has no effect on the current table; it must be revoked before the table is confirmed."""

    def __init__(self) -> None:
        super().__init__("Có quyết định không còn khớp với bảng; hãy thu hồi quyết định đó rồi xác nhận.")
