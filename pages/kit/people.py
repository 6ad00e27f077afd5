"""The names of roles on the pages."""

from core.rules.access import Role
from core.rules.rule_card.sentences import ROLE_NAMES
from pages.kit.i18n import localized


def role_name(role: Role) -> str:
    """The role's name in the reader's language."""
    return localized(ROLE_NAMES[role])
