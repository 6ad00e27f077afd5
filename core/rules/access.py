"""Who may do what: roles and the people who hold them (docs/design.md, People)."""

from dataclasses import dataclass
from enum import StrEnum

from core.rules.words import Refusal


class Role(StrEnum):
    """What a person is in the contest; one may be several."""

    JUDGE = "judge"
    CHIEF = "chief"
    SECRETARY = "secretary"
    COMMITTEE = "committee"
    CHANNEL = "channel"
    ADMIN = "admin"


# What an administrator sets of such an account after the first sheet waits for somebody else's confirmation.
GUARDED = frozenset(Role) - {Role.ADMIN}  # they mark, decide, or read what is not public yet
WITHHELD = GUARDED - {Role.JUDGE}  # and until then it has none of these roles, not even to read by


@dataclass(frozen=True, slots=True)
class Principal:
    """A signed-in person, as the database knows them at this moment."""

    username: str
    name: str
    roles: frozenset[Role]
    session: str  # hex of the hash of the session's secret; never the secret
    must_change_password: bool = False
    confirmed: bool = True  # False: set by an administrator after the first sheet, and waiting for somebody else

    def has(self, *roles: Role) -> bool:
        """True where the person holds at least one of these roles."""
        return not self.roles.isdisjoint(roles)


class SessionOver(Refusal):
    """The session that asks ended between its request and the act: signed out, closed, replaced by a new password."""

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
    """The person's roles do not reach so far."""

    def __init__(self, text: str = "Tài khoản của bạn không có quyền làm việc này.", **facts: object) -> None:
        super().__init__(text, **facts)
