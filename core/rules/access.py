"""Roles, the signed-in person who holds them, and the refusals of access (docs/design.md, People)."""

from dataclasses import dataclass
from enum import StrEnum

from core.rules.words import Refusal


class Role(StrEnum):
    """A role in the contest. One person may hold several."""

    JUDGE = "judge"
    CHIEF = "chief"
    SECRETARY = "secretary"
    COMMITTEE = "committee"
    CHANNEL = "channel"
    ADMIN = "admin"
    SCREENER = "screener"


# Accounts with one of these roles: what an administrator sets after the first sheet needs somebody else's confirmation.
GUARDED = frozenset(Role) - {Role.ADMIN}  # these roles mark, decide, or read what is not public yet
WITHHELD = GUARDED - {Role.JUDGE}  # roles that such an account does not have, even for reading, until it is confirmed


@dataclass(frozen=True, slots=True)
class Principal:
    """A signed-in person, as read from the database for this request."""

    username: str
    name: str
    roles: frozenset[Role]
    session: str  # hex of the hash of the session's secret, never the secret itself
    must_change_password: bool = False
    confirmed: bool = True  # False: set by an administrator after the first sheet, not yet confirmed by somebody else

    def has(self, *roles: Role) -> bool:
        """True where the person holds at least one of these roles."""
        return not self.roles.isdisjoint(roles)


class SessionOver(Refusal):
    """The session ended between the request and its transaction: signed out, closed, or ended by a new password."""

    def __init__(self) -> None:
        super().__init__("Phiên đăng nhập đã kết thúc nên việc này không được ghi. Hãy đăng nhập lại.")


class NotConfirmed(Refusal):
    """An administrator set the account, its role or its password after the first sheet; nobody else has confirmed it yet."""

    def __init__(self) -> None:
        super().__init__(
            "Tài khoản, vai trò hoặc mật khẩu này vừa do quản trị viên đặt: chờ Trưởng Ban Giám khảo hoặc Ban Tổ chức "
            "xác nhận đúng người ở trang Ban Giám khảo."
        )


class NotAllowed(Refusal):
    """The person's roles do not allow this."""

    def __init__(self, text: str = "Tài khoản của bạn không có quyền làm việc này.", **facts: object) -> None:
        super().__init__(text, **facts)
