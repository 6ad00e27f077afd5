"""The bytes of a pipe: how many are received, and how they become lines."""

from hypothesis import given
from hypothesis import strategies as st

from core.sandbox.pipes import MAX_LINE, Lines, Pipe


@given(st.binary(max_size=200), st.lists(st.integers(1, 50)))
def test_the_blocks_make_no_difference_to_the_lines(content: bytes, sizes: list[int]) -> None:
    received: list[str] = []
    lines = Lines(received.append)
    at = 0
    for size in [*sizes, len(content)]:
        lines.feed(content[at : at + size])
        at += size
    lines.end()
    whole = content.decode("utf-8", "replace").split("\n")
    assert received == (whole if whole[-1] else whole[:-1])


def test_a_line_is_cut_and_an_endless_one_is_not_kept() -> None:
    received: list[str] = []
    lines = Lines(received.append)
    for _ in range(100):
        lines.feed(b"x" * MAX_LINE)
        assert len(lines.rest) == MAX_LINE
    lines.feed(b"y\nnext\n")
    assert received == ["x" * MAX_LINE, "next"]


def test_a_pipe_drops_what_is_above_its_limit_or_stops_the_program() -> None:
    received = bytearray()
    pipe = Pipe(5, received.extend)
    assert [pipe.feed(b"abc"), pipe.feed(b"def"), pipe.feed(b"ghi")] == [True, True, True]
    assert received == b"abcde"
    stopping = Pipe(5, received.extend, stops=True)
    assert [stopping.feed(b"abc"), stopping.feed(b"def")] == [True, False]
