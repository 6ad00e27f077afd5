"""The page of what is open before the round is closed: each kind, its works, who settles it, and the way there."""

import streamlit as st

from core.desk import context
from core.desk.standings import open_issues
from core.desk.standings.live_standings import live_standings_of
from core.desk.standings.open_issues import Issue, OpenIssues
from core.rules.permissions import ORGANISERS
from core.rules.words import Sentence
from pages.kit import guard
from pages.kit import pages_registry as registry
from pages.kit.i18n import _, localized_markdown

SHOWN = 20  # of one kind


def show_issue(issue: Issue, opens: bool) -> None:
    """Draw one kind: its number, its first items, who settles it, and the link to that page if the reader may open it."""
    facts = {"title": issue.title, "count": issue.count}
    st.subheader(localized_markdown(Sentence("{title}: {count}", facts)), anchor=False)
    st.markdown("\n".join(f"* {localized_markdown(each)}" for each in issue.items[:SHOWN]))
    if len(issue.items) > SHOWN:
        st.caption(localized_markdown(Sentence("Còn {count} dòng nữa.", {"count": len(issue.items) - SHOWN})))
    st.caption(localized_markdown(issue.settled_by))
    page = next(each for each in registry.ALL if each.address == issue.address)
    label = localized_markdown(Sentence("Mở trang {page}", {"page": page.title}))
    if opens and st.button(label, icon=page.icon, key=f"open_{issue.title.text}"):
        st.switch_page(page.script)


def show(found: OpenIssues) -> None:
    """Draw everything that is open, or that nothing is."""
    if found.closed:
        st.success(_("Vòng chấm đã đóng."), icon=":material/lock:")
    if found.hidden:
        text = (
            "Bạn còn {count} tác phẩm chưa nộp phiếu: điểm các giám khảo khác cho những tác phẩm đó chưa hiện với bạn."
        )
        st.info(localized_markdown(Sentence(text, {"count": found.hidden})), icon=":material/visibility_off:")
    if not found.issues:
        st.success(_("Không còn việc nào mở."), icon=":material/task_alt:")
    for issue in found.issues:
        page = next(each for each in registry.ALL if each.address == issue.address)
        show_issue(issue, page.opens_for(who))


who = guard.require(*ORGANISERS)
st.title(_("Việc còn mở"))
st.caption(_("Những việc nên xong trước khi đóng vòng chấm và xét giải. Không việc nào tự ngăn việc đóng vòng."))
show(open_issues.open_issues(live_standings_of(context.store()), who, context.now()))
