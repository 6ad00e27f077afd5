"""The names of roles on the pages."""

from typing import assert_never

from core.rules.access import Role
from pages.kit.i18n import _


def role_name(role: Role) -> str:
    """The role's name in the reader's language."""
    match role:
        case Role.JUDGE:
            return _("Giám khảo")
        case Role.CHIEF:
            return _("Trưởng Ban Giám khảo")
        case Role.SECRETARY:
            return _("Tổ Thư ký")
        case Role.COMMITTEE:
            return _("Ban Tổ chức")
        case Role.CHANNEL:
            return _("Phụ trách kênh tương tác")
        case Role.ADMIN:
            return _("Quản trị viên")
    assert_never(role)
