"""The single tables of a contest file, each read into its value (docs/design.md, Contest file).

Every key is read, whatever is wrong with another. What is not written and bears on the result, on the films or on who may
see what is a notice: no default applies silently.
"""

from collections.abc import Collection
from dataclasses import dataclass

from core.rules.access import Role
from core.rules.contest import (
    EntryRules,
    Interactions,
    Judging,
    Method,
    Phases,
    Scoring,
    StandingsForJudges,
    Then,
    Ties,
    VideoRules,
    Window,
)
from core.rules.contest_file.toml_table import STAND_IN, Table, cleaned
from core.rules.ids import JudgeId
from core.rules.words import Sentence

TIMEZONE = "Asia/Ho_Chi_Minh"  # every moment on every screen and paper is shown in it (docs/design.md, Units)
Names = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Named:
    """What the contest is called, where, by whom and on what ground."""

    key: str
    name: str
    theme: str
    place: str
    legal_basis: tuple[str, ...]
    bodies: Names
    signatories: Names


def read_named(root: Table) -> Named:
    """[contest]: key and name are needed."""
    if not root.need("contest"):
        return Named("", "", "", "", (), (), ())
    table = root.table("contest")
    table.only("key", "name", "theme", "timezone", "legal_basis", "place", "bodies", "signatories")
    key = table.text("key")
    if not key.isascii() or not key.replace("-", "").replace("_", "").isalnum():
        table.bad("key", Sentence("{key} chỉ gồm chữ không dấu, số, dấu - và dấu _."))
    if table.text("timezone", TIMEZONE) != TIMEZONE:
        table.bad("timezone", Sentence("{key} phải là {timezone}.", {"timezone": TIMEZONE}))
    return Named(
        key=key,
        name=table.text("name"),
        theme=table.text("theme", ""),
        place=table.text("place", ""),
        legal_basis=table.texts("legal_basis"),
        bodies=_names(table, "bodies"),
        signatories=_names(table, "signatories"),
    )


def _names(table: Table, key: str) -> Names:
    """Names of bodies or signatories: a list of texts, a table of texts, or a list of such tables."""

    def walk(path: str, value: object) -> list[tuple[str, str]]:
        if isinstance(value, str):
            return [(path, cleaned(value))]
        if isinstance(value, dict):
            return [found for name, inner in value.items() for found in walk(f"{path}.{name}".strip("."), inner)]
        if isinstance(value, list):
            return [
                found for number, inner in enumerate(value, 1) for found in walk(f"{path}.{number}".strip("."), inner)
            ]
        table.bad(key, Sentence("{key} chỉ gồm các chuỗi chữ."))
        return []

    return tuple(walk("", table.raw.get(key, [])))


def read_scoring(root: Table) -> Scoring:
    """[scoring]: the method is needed; the rest has its default where it is not written."""
    plain = Scoring()
    if not root.need("scoring"):
        return plain
    table = root.table("scoring")
    table.only("method", "trim", "decimals", "min_sheets", "gap_alert")
    method = table.choice("method", Method)
    trim = table.whole("trim", plain.trim, most=100)
    if method is Method.TRIMMED_MEAN:
        table.defaults(trim=plain.trim)
        if trim == 0:
            table.bad("trim", Sentence("{key} phải từ 1 trở lên khi phương pháp là {method}.", {"method": method}))
    table.defaults(decimals=plain.decimals, min_sheets=plain.min_sheets)
    if not table.has("gap_alert"):
        table.notice("gap_alert", Sentence("[scoring] gap_alert không ghi: không nêu phiếu chênh lệch."))
    return Scoring(
        method=method,
        trim=trim,
        decimals=table.whole("decimals", plain.decimals, most=6),
        min_sheets=table.whole("min_sheets", plain.min_sheets, least=1),
        gap_alert=table.hundredths("gap_alert") if table.has("gap_alert") else None,
    )


def read_ties(table: Table, criteria: Collection[str]) -> Ties:
    """[ties]: a ladder of known rungs; `criteria` are the keys that the file's criteria have."""
    table.only("ladder", "chief", "then")
    ladder, chief = table.texts("ladder"), table.text("chief", "")
    for at, rung in enumerate(ladder):
        kind, _, key = rung.partition(":")
        facts = {"key": table.at("ladder"), "rung": rung, "criterion": key}
        if rung != "chief" and kind != "criterion":
            what = Sentence("{key} chỉ gồm các bậc “criterion:…” và “chief”; không nhận “{rung}”.", facts)
        elif kind == "criterion" and key not in criteria:
            what = Sentence("{key} nêu tiêu chí “{criterion}” không có trong bảng tiêu chí.", facts)
        elif rung in ladder[:at]:
            what = Sentence("{key} nêu bậc “{rung}” hai lần.", facts)
        else:
            continue
        table.bad(f"ladder[{at + 1}]", what)
    if "chief" in ladder and not chief and table.good("chief"):
        table.bad("ladder", Sentence("{key} có bậc “chief” nhưng chưa khai trưởng ban giám khảo ở ties.chief."))
    if not ladder and table.good("ladder"):
        table.notice("ladder", Sentence("[ties] ladder không ghi: các tác phẩm bằng điểm thì đồng hạng ngay."))
    table.defaults(then=Then.COMMITTEE)
    return Ties(ladder, JudgeId(chief) if chief else None, table.choice("then", Then, Then.COMMITTEE))


def read_interactions(table: Table, *, wanted: bool) -> Interactions:
    """[interactions]: what each kind counts for; `wanted` where a prize goes by them."""
    table.only("reactions", "comments", "shares", "views")
    plain = Interactions()
    if wanted:
        table.defaults(reactions=plain.reactions, comments=plain.comments, shares=plain.shares, views=plain.views)
    elif table.raw:
        table.notice("", Sentence("[interactions] không dùng đến: không có giải nào trao theo lượng tương tác."))
    return Interactions(
        reactions=table.whole("reactions", plain.reactions, most=10**6),
        comments=table.whole("comments", plain.comments, most=10**6),
        shares=table.whole("shares", plain.shares, most=10**6),
        views=table.whole("views", plain.views, most=10**6),
    )


def read_phases(table: Table) -> Phases:
    """[phases]: complete and in order."""
    windows = ("submission", "screening", "judging")
    moments = ("interactions_close", "award_meeting", "ceremony")
    table.only(*windows, *moments)
    submission, screening, judging = (_window(table, name) for name in windows)
    closed, meeting, ceremony = (table.moment(name) for name in moments)
    for name, after, earlier in (
        ("screening", screening.opens, {"submission": submission.closes}),
        ("judging", judging.opens, {"screening": screening.closes}),
        # the works are on show from the screening on (plan IV.4)
        ("interactions_close", closed, {"screening": screening.opens}),
        ("award_meeting", meeting, {"judging": judging.closes, "interactions_close": closed}),
        ("ceremony", ceremony, {"award_meeting": meeting}),
    ):
        if any(after < before for what, before in earlier.items() if table.good(name, what)):
            table.bad(name, Sentence("{key} sớm hơn mốc thời gian phải diễn ra trước nó."))
    return Phases(submission, screening, judging, closed, meeting, ceremony)


def _window(phases: Table, name: str) -> Window:
    if not phases.need(name):
        return Window(STAND_IN, STAND_IN)
    table = phases.table(name)
    if not phases.good(name):
        return Window(STAND_IN, STAND_IN)
    table.only("opens", "closes")
    window = Window(table.moment("opens"), table.moment("closes"))
    if table.good("opens", "closes") and window.closes <= window.opens:
        table.bad("closes", Sentence("{key} phải sau thời điểm mở."))
    return window


def read_entries(table: Table) -> EntryRules:
    """[entries]: what may be entered."""
    plain = EntryRules()
    table.only("max_per_author", "video")
    table.defaults(max_per_author=plain.max_per_author)
    return EntryRules(
        max_per_author=table.whole("max_per_author", plain.max_per_author, least=1),
        video=_video(table.table("video"), plain.video),
    )


def _video(table: Table, plain: VideoRules) -> VideoRules:
    table.only("container", "sizes", "seconds", "tolerance_s", "audio")
    container = table.text("container", plain.container)
    if container != plain.container and table.good("container"):
        facts = {"known": plain.container, "word": container}
        table.bad("container", Sentence("{key} phải là {known}; không nhận “{word}”.", facts), unsound=True)
    sizes = _sizes(table) if table.has("sizes") else plain.sizes
    seconds = _seconds(table) if table.has("seconds") else plain.seconds
    table.defaults(
        container=plain.container,
        sizes=", ".join(f"{width}×{height}" for width, height in plain.sizes),
        seconds=Sentence("từ {least} đến {most} giây", {"least": plain.seconds[0], "most": plain.seconds[1]}),
        tolerance_s=plain.tolerance_s,
        audio=_word(plain.audio),
    )
    return VideoRules(
        container,
        sizes,
        seconds,
        tolerance_s=table.whole("tolerance_s", plain.tolerance_s),
        audio=table.flag("audio", default=plain.audio),
    )


def _sizes(table: Table) -> tuple[tuple[int, int], ...]:
    value = table.raw["sizes"]
    pairs = [_pair(each) for each in value] if isinstance(value, list) else []
    found = tuple(pair for pair in pairs if pair is not None)
    if not found or len(found) < len(pairs):
        table.bad("sizes", Sentence("{key} phải gồm các cặp số nguyên dương."))
    return found


def _seconds(table: Table) -> tuple[int, int]:
    seconds = _pair(table.raw["seconds"])
    if seconds is None:
        table.bad("seconds", Sentence("{key} phải gồm các cặp số nguyên dương."))
    elif seconds[0] > seconds[1]:
        table.bad("seconds", Sentence("{key} phải viết [ngắn nhất, dài nhất]."))
    return seconds or (1, 1)


def _pair(value: object) -> tuple[int, int] | None:
    """Two whole numbers above nought, or None."""
    if isinstance(value, list) and len(value) == 2 and all(type(each) is int and each > 0 for each in value):
        return value[0], value[1]
    return None


def read_judging(table: Table) -> Judging:
    """[judging]: how the judges sit."""
    table.only("blind", "watched_share", "names_beside_marks", "standings_for_judges")
    plain = Judging()
    share = table.exact("watched_share", 0) * 10_000
    if share.denominator != 1 or share > 10_000:
        table.bad("watched_share", Sentence("{key} phải từ 0 đến 1, nhiều nhất bốn chữ số thập phân."))
    roles = table.texts("names_beside_marks") if table.has("names_beside_marks") else tuple(plain.names_beside_marks)
    for at, role in enumerate(roles, 1):
        if role not in set(Role):
            facts = {"key": table.at("names_beside_marks"), "role": role}
            table.bad(f"names_beside_marks[{at}]", Sentence("{key} nêu vai trò “{role}” không có.", facts))
    table.defaults(
        blind=_word(plain.blind),
        watched_share=plain.watched_share,
        names_beside_marks=", ".join(sorted(plain.names_beside_marks)),
        standings_for_judges=plain.standings_for_judges,
    )
    return Judging(
        blind=table.flag("blind", default=plain.blind),
        watched_share=int(share),
        names_beside_marks=frozenset(Role(role) for role in roles if role in set(Role)),
        standings_for_judges=table.choice("standings_for_judges", StandingsForJudges, plain.standings_for_judges),
    )


def _word(flag: bool) -> str:
    """A flag as the file writes it."""
    return "true" if flag else "false"
