"""Every page: where it lies, its address, its name, and whose it is. The gate admits these addresses and no other."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.desk import context
from core.desk.standings import standings_board
from core.rules.access import Principal, Role
from core.rules.words import Sentence

FOLDER = Path(__file__).parent.parent
ANYONE = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `roles` is None for a page that strangers may read."""

    script: str
    address: str
    title: Sentence
    icon: str
    roles: frozenset[Role] | None
    section: Sentence
    at_times: Callable[[Principal], bool] | None = None  # where more than the roles decide: the desk's own question

    def opens_for(self, who: Principal | None) -> bool:
        """True where this visitor may read the page now."""
        if self.roles is None:
            return True
        if who is None or who.must_change_password:
            return False
        return self.roles is ANYONE or who.has(*self.roles) or (self.at_times is not None and self.at_times(who))


JUDGING = Sentence("Chấm thi")
RESULTS = Sentence("Kết quả")
HOUSE = Sentence("Hệ thống")
OWN = Sentence("Tài khoản")
_JUDGES = frozenset({Role.JUDGE, Role.CHIEF})
_DIRECTS = frozenset({Role.CHIEF, Role.COMMITTEE})
_WATCHES = frozenset({Role.COMMITTEE, Role.SECRETARY, Role.CHIEF})
_COUNTS = frozenset({Role.CHANNEL, Role.COMMITTEE, Role.SECRETARY})


def _standings(who: Principal) -> bool:
    """Judges see the standings when the contest says, which is a matter of the hour."""
    return who.has(Role.JUDGE) and standings_board.may_see(context.store(), who)


ALL = (  # the first that a person may open is where they arrive
    Page("judge/queue.py", "queue", Sentence("Tác phẩm cần chấm"), ":material/checklist:", _JUDGES, JUDGING),
    Page("judge/marking.py", "marking", Sentence("Phiếu chấm"), ":material/edit_note:", _JUDGES, JUDGING),
    Page(
        "committee/standings.py",
        "standings",
        Sentence("Bảng xếp hạng"),
        ":material/leaderboard:",
        _WATCHES,
        RESULTS,
        _standings,
    ),
    Page("committee/charts.py", "charts", Sentence("Biểu đồ"), ":material/bar_chart:", _WATCHES, RESULTS),
    Page("committee/awards.py", "awards", Sentence("Bảng trao giải"), ":material/trophy:", _WATCHES, RESULTS),
    Page(
        "channel/interactions.py",
        "interactions",
        Sentence("Lượt tương tác"),
        ":material/thumb_up:",
        _COUNTS,
        RESULTS,
    ),
    Page("chief/panel.py", "panel", Sentence("Ban Giám khảo"), ":material/groups:", _DIRECTS, JUDGING),
    Page("public/progress.py", "progress", Sentence("Tiến độ chấm"), ":material/hourglass_top:", None, RESULTS),
    Page(
        "admin/accounts.py",
        "accounts",
        Sentence("Quản lý tài khoản"),
        ":material/manage_accounts:",
        frozenset({Role.ADMIN}),
        HOUSE,
    ),
    Page("account/account.py", "account", Sentence("Tài khoản của tôi"), ":material/account_circle:", ANYONE, OWN),
)
RESET = "reset"  # where a one-time link leads; strangers come here
ADDRESSES = frozenset({"/", f"/{RESET}", *(f"/{page.address}" for page in ALL)})
