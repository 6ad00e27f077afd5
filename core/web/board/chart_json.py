"""The numbers behind the charts: as points for Plotly's axes, and as words for the table beside each picture."""

from collections.abc import Mapping

from core.desk.standings.panel_progress import MOST_WORKS, Panel
from core.live.snapshot import Json
from core.rules.words import Language, Locale, Sentence


def charts(panel: Panel, first: int, locale: Locale) -> Mapping[str, Json]:
    """What the page draws: who is where with which work, each work's sheets with its score, each judge's totals."""
    judges: Json = [
        {"name": judge.name, "states": {str(entry): state for entry, state in judge.states.items()}}
        for judge in panel.judges
    ]
    works: Json = [
        {
            "code": code,
            "title": title,
            "score": _points(panel.scores[code], panel.decimals),
            "sheets": [
                {"judge": at, "total": _points(total, panel.total_decimals), "wide": (code, judge.key) in panel.wide}
                for at, judge in enumerate(panel.judges)
                if (total := panel.totals[code].get(judge.key)) is not None
            ],
        }
        for code, title in panel.works
    ]
    return {
        "revision": panel.counts.revision,
        "first": first,
        "at_once": MOST_WORKS,
        "works_in_all": panel.counts.works,
        "decimals": panel.decimals,
        "total_decimals": panel.total_decimals,
        "highest": _points(panel.highest, panel.total_decimals),
        "judges": judges,
        "works": works,
        "covers": _covers(panel, locale),
    }


def _covers(panel: Panel, locale: Locale) -> str | None:
    """What is left out for a reader who still marks."""
    if not panel.hidden:
        return None
    return Sentence(
        "Bạn còn {count} tác phẩm chưa nộp phiếu: điểm các giám khảo khác cho những tác phẩm đó chưa hiện với bạn.",
        {"count": len(panel.hidden)},
    ).localize(locale)


def _points(units: int | None, decimals: int) -> str | None:
    """Points as plain digits: for the axes; the page writes them by the reader's habits."""
    return None if units is None else Locale(Language.EN).decimal(units, decimals)
