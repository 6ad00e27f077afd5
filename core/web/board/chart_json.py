"""The data of the charts as JSON, for the plots and for the table beside each plot."""

from collections.abc import Mapping

from core.desk.standings.panel_progress import MOST_WORKS, Panel
from core.live.snapshot import Json
from core.rules.words import Language, Locale, Sentence


def charts(panel: Panel, first: int, locale: Locale) -> Mapping[str, Json]:
    """The charts' data: each judge's state per work, and each work's score and sheet totals (points as text)."""
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
    """A sentence about the marks hidden from a judge who still has to mark those works; None if none is hidden."""
    if not panel.hidden:
        return None
    return Sentence(
        "Bạn còn {count} tác phẩm chưa nộp phiếu: điểm các giám khảo khác cho những tác phẩm đó chưa hiện với bạn.",
        {"count": len(panel.hidden)},
    ).localize(locale)


def _points(units: int | None, decimals: int) -> str | None:
    """Points as a decimal with a point, for the axes; the page's script formats them in the reader's locale."""
    return None if units is None else Locale(Language.EN).decimal(units, decimals)
