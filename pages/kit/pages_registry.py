"""Every page: its script, address, title and roles. The gate admits these addresses and no other."""

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
    """One page. `roles` is None for a page that needs no sign-in."""

    script: str
    address: str
    title: Sentence
    icon: str
    roles: frozenset[Role] | None
    section: Sentence
    at_times: Callable[[Principal], bool] | None = None  # opens the page to others too, by the desk's own check

    def opens_for(self, who: Principal | None) -> bool:
        """True if this visitor may open the page now."""
        if self.roles is None:
            return True
        if who is None or who.must_change_password:
            return False
        return self.roles is ANYONE or who.has(*self.roles) or (self.at_times is not None and self.at_times(who))


JUDGING = Sentence("Chấm thi")
ENTRIES = Sentence("Dự thi")
RESULTS = Sentence("Kết quả")
SYSTEM = Sentence("Hệ thống")
ACCOUNT = Sentence("Tài khoản")
_JUDGING_ROLES = frozenset({Role.JUDGE, Role.CHIEF})
_PANEL_ROLES = frozenset({Role.CHIEF, Role.COMMITTEE})
_RESULT_ROLES = frozenset({Role.COMMITTEE, Role.SECRETARY, Role.CHIEF})
_INTERACTION_ROLES = frozenset({Role.CHANNEL, Role.COMMITTEE, Role.SECRETARY})


def _judge_may_see_standings(who: Principal) -> bool:
    """True for a judge to whom the contest shows the standings now; the answer changes with time."""
    return who.has(Role.JUDGE) and standings_board.may_see(context.store(), who)


ALL = (  # `/` leads to the first page that the person's roles open
    Page("judge/queue.py", "queue", Sentence("Tác phẩm cần chấm"), ":material/checklist:", _JUDGING_ROLES, JUDGING),
    Page("judge/marking.py", "marking", Sentence("Phiếu chấm"), ":material/edit_note:", _JUDGING_ROLES, JUDGING),
    Page(
        "committee/standings.py",
        "standings",
        Sentence("Bảng xếp hạng"),
        ":material/leaderboard:",
        _RESULT_ROLES,
        RESULTS,
        _judge_may_see_standings,
    ),
    Page("committee/charts.py", "charts", Sentence("Biểu đồ"), ":material/bar_chart:", _RESULT_ROLES, RESULTS),
    Page("committee/awards.py", "awards", Sentence("Bảng trao giải"), ":material/trophy:", _RESULT_ROLES, RESULTS),
    Page(
        "committee/robustness.py",
        "robustness",
        Sentence("Độ vững của kết quả"),
        ":material/balance:",
        _RESULT_ROLES,
        RESULTS,
    ),
    Page(
        "channel/interactions.py",
        "interactions",
        Sentence("Lượt tương tác"),
        ":material/thumb_up:",
        _INTERACTION_ROLES,
        RESULTS,
    ),
    Page(
        "channel/readings.py",
        "readings",
        Sentence("Nhập lượt tương tác"),
        ":material/grid_on:",
        _INTERACTION_ROLES,
        RESULTS,
    ),
    Page("chief/panel.py", "panel", Sentence("Ban Giám khảo"), ":material/groups:", _PANEL_ROLES, JUDGING),
    Page("chief/open_issues.py", "issues", Sentence("Việc còn mở"), ":material/rule:", _RESULT_ROLES, JUDGING),
    Page("public/progress.py", "progress", Sentence("Tiến độ chấm"), ":material/hourglass_top:", None, RESULTS),
    Page(
        "admin/accounts.py",
        "accounts",
        Sentence("Quản lý tài khoản"),
        ":material/manage_accounts:",
        frozenset({Role.ADMIN}),
        SYSTEM,
    ),
    Page(
        "admin/audit.py",
        "audit",
        Sentence("Nhật ký"),
        ":material/history:",
        frozenset({Role.ADMIN, Role.COMMITTEE}),
        SYSTEM,
    ),
    Page(
        "secretary/submissions.py",
        "submissions",
        Sentence("Đơn dự thi"),
        ":material/inbox:",
        frozenset({Role.SECRETARY}),
        ENTRIES,
    ),
    Page(
        "secretary/screening.py",
        "screening",
        Sentence("Sơ loại"),
        ":material/rule:",
        frozenset({Role.SCREENER, Role.SECRETARY}),
        ENTRIES,
    ),
    Page(
        "secretary/finals.py",
        "finals",
        Sentence("Danh sách chung kết"),
        ":material/how_to_vote:",
        frozenset({Role.SECRETARY, Role.COMMITTEE, Role.CHANNEL}),
        ENTRIES,
    ),
    Page(
        "secretary/officials.py",
        "officials",
        Sentence("Thành viên các ban"),
        ":material/badge:",
        frozenset({Role.SECRETARY, Role.ADMIN}),
        ENTRIES,
    ),
    Page(
        "secretary/jobs.py",
        "jobs",
        Sentence("Việc chạy nền"),
        ":material/pending_actions:",
        frozenset({Role.SECRETARY, Role.ADMIN}),
        SYSTEM,
    ),
    Page(
        "secretary/twins.py",
        "twins",
        Sentence("Phim giống nhau"),
        ":material/compare:",
        frozenset({Role.SECRETARY, Role.COMMITTEE}),
        SYSTEM,
    ),
    Page("account/account.py", "account", Sentence("Tài khoản của tôi"), ":material/account_circle:", ANYONE, ACCOUNT),
)
RESET = "reset"  # the address of one-time links; needs no sign-in
ADDRESSES = frozenset({"/", f"/{RESET}", *(f"/{page.address}" for page in ALL)})
