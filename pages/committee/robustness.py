"""The page of how robust the result is: for the committee before it decides, for organisers after the confirmation."""

from collections.abc import Sequence
from html import escape

import plotly.graph_objects as go
import streamlit as st

from core.desk import context
from core.desk.robustness import robustness
from core.desk.robustness.alternatives import Given
from core.desk.robustness.robustness import LEAST_SHEETS, LEAST_WORKS, Alternative, Boundary, Robustness
from core.rules.ids import EntryId
from core.rules.permissions import ORGANISERS
from core.rules.words import Points, Sentence
from pages.kit import guard, unavailable
from pages.kit.i18n import _, locale, localized, localized_markdown
from pages.kit.tables import Column, Named, paged_table, table

INK, EDGE, ACT, GOLD = "#566169", "#8A9298", "#B3202A", "#C8961E"  # readable on light and dark
ROW = 30  # px of a chart's row
TITLE = 18  # letters of a work's title beside a chart


def prize_name(found: Robustness, given: Given | None) -> str:
    """The prize as a cell of the matrix shows it."""
    if given is None:
        return "–"
    first, space, rest = found.contest.prize(given.prize).name.partition(" ")
    shared = all(
        prize.name.startswith(f"{first} ") for prize in found.contest.prizes
    )  # a table of "Prize …" repeats it
    name = rest[:1].upper() + rest[1:] if shared and rest else first + space + rest
    return localized(Sentence("{prize} (cần chọn)", {"prize": name})) if given.open else name


def show_matrix(found: Robustness) -> None:
    """Draw the prize of each work by each way of computing; a cell that differs from the official one is framed."""
    st.header(_("Giải của từng tác phẩm nếu thiếu một giám khảo, hoặc tính theo cách khác"))
    st.caption(_("Ô đóng khung khác với kết quả chính thức. Kết quả chính thức không đổi vì bảng này."))
    st.caption(
        _("Khi thiếu một giám khảo, tác phẩm cần ít đi một phiếu để có điểm. Cột cân độ nghiêm trừ phần giám khảo chấm cao hay thấp hơn cả Ban.")
    )  # fmt: skip
    heads = [_("Tác phẩm"), _("Chính thức"), *(localized(each.name) for each in found.alternatives)]
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    body = "".join(matrix_row(found, standing.entry) for standing in found.works)
    changed = "".join(f"<td>{escape(changes(each))}</td>" for each in found.alternatives)
    foot = f'<tr><th scope="row">{escape(_("Số tác phẩm đổi giải"))}</th><td></td>{changed}</tr>'
    caption = escape(_("Giải theo từng cách tính"))
    st.html(
        f'<div class="desk-table-wrap" tabindex="0" role="region" aria-label="{caption}">'
        f'<table class="desk-table prize-matrix" aria-label="{caption}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody><tfoot>{foot}</tfoot></table></div>"
    )


def changes(alternative: Alternative) -> str:
    """How many works change their prize; "–" where the column can't be computed."""
    return "–" if alternative.prizes is None else locale().count(alternative.changed)


def matrix_row(found: Robustness, entry: EntryId) -> str:
    """One work's row of the matrix as HTML."""
    official = found.official.get(entry)
    cells = [f"<td>{escape(prize_name(found, official))}</td>"]
    for each in found.alternatives:
        if each.prizes is None:
            cells.append(f"<td>{escape(_('không tính được'))}</td>")
            continue
        given = each.prizes.get(entry)
        words = escape(prize_name(found, given))
        cells.append(f"<td>{words}</td>" if given == official else f'<td class="changed"><b>{words}</b></td>')
    title = found.titles.get(entry, "")
    return f'<tr><th scope="row">{escape(entry)} <small>{escape(title)}</small></th>{"".join(cells)}</tr>'


def show_boundaries(found: Robustness) -> None:
    """Draw the scores with the boundaries between prizes, and say how far each boundary is."""
    st.header(_("Ranh giới các giải và khoảng cách"))
    if not found.boundaries:
        st.markdown(_("Chưa có hai tác phẩm liền nhau khác giải."))
        return
    st.plotly_chart(scores_figure(found), width="stretch", config={"displayModeBar": False}, key="margins")
    decimals = found.contest.scoring.decimals
    columns = (Column(_("Ranh giới")), Column(_("Cách nhau"), number=True))
    rows = [
        (Named(prizes_beside(found, each), one_sheet(each, decimals)), Points(each.margin, decimals))
        for each in found.boundaries
    ]
    table(columns, rows, caption=_("Khoảng cách ở từng ranh giới"), empty="")


def prizes_beside(found: Robustness, boundary: Boundary) -> str:
    """The prizes above and below a boundary."""
    return " | ".join(prize_name(found, found.official.get(entry)) for entry in (boundary.above, boundary.below))


def one_sheet(boundary: Boundary, decimals: int) -> str:
    """The two works, and by how much one sheet of the lower one would have to be higher, if they differ and it can be said."""
    works = f"{boundary.above} | {boundary.below}"
    if not boundary.one_sheet:
        return works
    facts = {"code": boundary.below, "points": Points(boundary.one_sheet, decimals)}
    return f"{works}\n" + localized(Sentence("Một phiếu của {code} phải cao thêm {points} điểm mới bằng.", facts))


def scores_figure(found: Robustness) -> go.Figure:
    """The official scores, one row a work, with a line at each boundary between prizes."""
    scored = [each for each in found.works if each.score is not None]
    scale, decimals = 10**found.contest.scoring.decimals, found.contest.scoring.decimals
    names = [f"{each.entry}  {short(found.titles.get(each.entry, ''))}" for each in scored]
    row = {each.entry: at for at, each in enumerate(scored)}
    figure = go.Figure(
        go.Scatter(
            x=[(each.score or 0) / scale for each in scored], y=list(range(len(scored))), mode="markers+text", textposition="middle right",
            text=[locale().decimal(each.score or 0, decimals) for each in scored], cliponaxis=False,
            marker={"size": 12, "color": [GOLD if each.entry in found.official else "rgba(0,0,0,0)" for each in scored],
                    "line": {"color": EDGE, "width": 1}},
            hoverinfo="skip",
        )
    )  # fmt: skip
    for each in found.boundaries:
        figure.add_hline(y=row[each.below] - 0.5, line={"color": ACT, "width": 1.5, "dash": "dot"})
    name_rows(figure, names)
    figure.update_xaxes(fixedrange=True, automargin=True)
    figure.update_layout(
        separators=separators(),
        height=90 + ROW * len(scored),
        margin={"l": 0, "r": 60, "t": 10, "b": 30},
        showlegend=False,
    )
    return figure


def separators() -> str:
    """The decimal separator of the visitor's locale and that of thousands, as Plotly takes them."""
    decimal_separator = locale().decimal(0, 1)[1]
    return decimal_separator + (".", ",")[decimal_separator == "."]


def short(title: str) -> str:
    """The title, cut where it is too long beside a chart."""
    return title if len(title) <= TITLE else title[: TITLE - 1].rstrip() + "…"


def name_rows(figure: go.Figure, names: Sequence[str]) -> None:
    """Name the rows of a chart, the first at the top."""
    figure.update_yaxes(
        range=[len(names) - 0.4, -0.6], tickvals=list(range(len(names))), ticktext=names, automargin=True, fixedrange=True,
        showgrid=True, zeroline=False,
    )  # fmt: skip


def show_judges(found: Robustness) -> None:
    """Draw how far each judge's totals lie from the panel's mean on the same works."""
    st.header(_("Mỗi giám khảo chấm cao hay thấp hơn cả Ban, trên chính những tác phẩm mình chấm"))
    if not found.judges:
        st.markdown(_("Chưa có tác phẩm nào được từ hai giám khảo chấm."))
        return
    st.caption(
        _("Mỗi chấm là một phiếu, vạch đứng là trung bình của giám khảo. Nền xám là ngưỡng chênh lệch của thể lệ.")
    )
    st.plotly_chart(judges_figure(found), width="stretch", config={"displayModeBar": False}, key="judges")
    columns = (
        Column(_("Giám khảo")), Column(_("Số phiếu"), number=True), Column(_("Trung bình so với Ban"), number=True),
        Column(_("Thấp nhất"), number=True), Column(_("Cao nhất"), number=True),
    )  # fmt: skip
    rows = [
        (Named(each.number), len(each.works), signed(each.mean), signed(min(each.distances)), signed(max(each.distances)))
        for each in found.judges
    ]  # fmt: skip
    paged_table(columns, rows, caption=_("Khoảng cách của từng giám khảo"), empty="", key="judges_page")


def judges_figure(found: Robustness) -> go.Figure:
    """One row a judge: a dot for each sheet, a line at the judge's mean."""
    figure = go.Figure()
    for at, each in enumerate(found.judges):
        figure.add_scatter(
            x=each.distances, y=[at] * len(each.distances), mode="markers", text=each.works,
            hovertemplate="%{text}: %{x:.2f}<extra></extra>", marker={"size": 9, "color": EDGE, "opacity": 0.75},
        )  # fmt: skip
        figure.add_shape(
            type="line", x0=each.mean, x1=each.mean, y0=at - 0.35, y1=at + 0.35, line={"color": ACT, "width": 4}
        )
    figure.add_vline(x=0, line={"color": EDGE, "width": 1, "dash": "dot"})
    if (limit := found.contest.scoring.gap_alert) is not None:
        figure.add_vrect(x0=-limit / 100, x1=limit / 100, fillcolor=EDGE, opacity=0.12, layer="below", line_width=0)
    name_rows(figure, [each.number for each in found.judges])
    figure.update_xaxes(fixedrange=True, automargin=True, title=_("thấp hơn cả Ban ← điểm → cao hơn cả Ban"))
    figure.update_layout(
        separators=separators(),
        height=110 + ROW * len(found.judges),
        margin={"l": 0, "r": 10, "t": 10, "b": 40},
        showlegend=False,
    )
    return figure


def signed(points: float) -> str:
    """Points with their sign and one decimal, in the visitor's locale."""
    tenths = round(points * 10)
    sign = "+" if tenths > 0 else "−" if tenths < 0 else ""
    return sign + locale().decimal(abs(tenths), 1)


def show_agreement(found: Robustness) -> None:
    """Draw the measures of agreement, each with what it says; too few data is said, not computed."""
    st.header(_("Mức thống nhất của Ban Giám khảo"))
    facts = {"works": LEAST_WORKS, "complete": found.agreement.complete, "sheets": LEAST_SHEETS}
    few = localized(
        Sentence("chưa đủ dữ liệu: cần ít nhất {works} tác phẩm mà mọi giám khảo đều chấm, hiện có {complete}", facts)
    )
    few_pairs = localized(Sentence("chưa đủ dữ liệu: cần ít nhất {works} tác phẩm được từ hai giám khảo chấm", facts))
    few_sheets = localized(
        Sentence("chưa đủ dữ liệu: cần ít nhất {sheets} phiếu của các giám khảo so được với nhau", facts)
    )
    measured = found.agreement
    lines = (
        (_("Alpha của Krippendorff"), _("1 là hoàn toàn thống nhất, 0 là như ngẫu nhiên; tính cả phiếu thiếu"), measured.alpha, few_pairs),
        (_("ICC(2,1)"), _("độ tin cậy của điểm một giám khảo"), measured.one_judge, few),
        (_("ICC(2,k)"), _("độ tin cậy của điểm trung bình cả Ban"), measured.panel, few),
        (_("W của Kendall"), _("thống nhất về thứ tự, từ 0 đến 1"), measured.kendall, few),
    )  # fmt: skip
    rows = [(Named(name, what), few_data if value is None else decimal(value)) for name, what, value, few_data in lines]
    order = few_sheets if measured.order is None else signed(measured.order)
    what = _("điểm chênh từ tác phẩm xem đầu tiên đến tác phẩm xem cuối cùng, khi đã trừ tác phẩm và giám khảo")
    rows.append((Named(_("Ảnh hưởng của thứ tự xem"), what), order))
    table((Column(_("Thước đo")), Column(_("Giá trị"))), rows, caption=_("Mức thống nhất"), empty="")
    st.caption(_("Các con số này chỉ mô tả phiếu đã chấm; chúng không kết luận ai chấm đúng hay sai."))


def decimal(value: float) -> str:
    """A measure with two decimals, in the visitor's locale."""
    hundredths = round(value * 100)
    return ("−" if hundredths < 0 else "") + locale().decimal(abs(hundredths), 2)


me = guard.require(*ORGANISERS)
st.title(_("Độ vững của kết quả"))
try:
    current = robustness.robustness(context.store(), me, context.now())
except robustness.NotYet as refusal:
    st.info(localized_markdown(refusal.sentence), icon=":material/visibility_off:")
    st.stop()
st.caption(
    localized_markdown(Sentence("Tính từ {sheets} phiếu được tính; giám khảo ghi bằng số.", {"sheets": current.sheets}))
)
if not current.sheets:
    st.markdown(_("Chưa có phiếu nào được tính."))
    st.stop()
with unavailable.refusals_in_place():
    show_matrix(current)
    show_boundaries(current)
    show_judges(current)
    show_agreement(current)
