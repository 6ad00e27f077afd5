"""The board's JSON: the answer above the table, in the reader's language."""

import pytest

from core.desk.standings import standings_board
from core.desk.standings.live_standings import LiveStandings
from core.rules.words import Locale
from core.store import tables as t
from core.store.engine import Store, WriteTransaction
from core.web.board import board_json
from tests.desk.judged_contest import MARKS, TIED, TOML, judged

AHEAD = {
    **MARKS,
    "T-402": (39, 17, 17, 13, 4),
    "T-401": (38, 18, 17, 13, 4),
}  # 90 and 90; the first criterion of the ladder separates them


@pytest.mark.parametrize(
    "marks,expected",
    [
        (MARKS, "91,00 điểm, hơn tác phẩm kế tiếp 1,00 điểm"),
        (AHEAD, "90,00 điểm, bằng tác phẩm kế tiếp; xếp trước theo quy định khi bằng điểm"),
        ({**TIED, **{f"T-{401 + at}": TIED["T-404"] for at in range(3)}}, "87,00 điểm"),
    ],
)
def test_by_how_much_the_leader_leads(sqlite_store: Store, marks: dict[str, tuple[int, ...]], expected: str) -> None:
    live = LiveStandings(judged(sqlite_store, marks))
    live.catch_up()
    assert board_json.board(standings_board.board(live, 0, 100), Locale()).head["margin"] == expected


@pytest.mark.parametrize("method", ["rank_sum", "rank_mean"])
def test_a_score_made_of_ranks_is_called_by_its_name_and_has_no_margin(sqlite_store: Store, method: str) -> None:
    live = LiveStandings(judged(sqlite_store, MARKS, toml=TOML.replace('method = "mean"', f'method = "{method}"')))
    live.catch_up()
    head = board_json.board(standings_board.board(live, 0, 100), Locale()).head["margin"]
    assert head == {"rank_sum": "Tổng thứ hạng 3,00", "rank_mean": "Thứ hạng trung bình 1,00"}[method]


@pytest.mark.parametrize("confirmed_at,confirmed", [(None, False), (1, True)])
def test_the_board_knows_when_it_is_provisional_no_more(
    sqlite_store: Store, confirmed_at: int | None, *, confirmed: bool
) -> None:
    def act(transaction: WriteTransaction) -> None:
        transaction.connection.execute(t.contest.update().values(awards_confirmed_at=confirmed_at))

    judged(sqlite_store).change(act)
    live = LiveStandings(sqlite_store)
    live.catch_up()
    assert board_json.board(standings_board.board(live, 0, 100), Locale()).head["confirmed"] is confirmed
