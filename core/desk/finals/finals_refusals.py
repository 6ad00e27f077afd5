"""Why a list is not closed, why codes are not drawn, and why a finalist is not changed."""

from collections.abc import Collection, Mapping
from datetime import datetime

from core.rules.words import Moment, Refusal

MOST_NAMED = 12  # codes in one sentence


def named(codes: Collection[str]) -> str:
    """Codes as one text, at most MOST_NAMED of them: "TP-001, TP-002, …"."""
    listed = sorted(codes)
    return ", ".join(listed[:MOST_NAMED]) + (", …" if len(listed) > MOST_NAMED else "")


class StillReceiving(Refusal):
    """The window for entering works has not ended (R16)."""

    def __init__(self, closes: datetime) -> None:
        super().__init__("Cuộc thi còn nhận tác phẩm đến {closes}: chưa chốt được danh sách.", closes=Moment(closes))


class NothingAccepted(Refusal):
    """No work has passed the screening."""

    def __init__(self) -> None:
        super().__init__("Chưa có tác phẩm nào đạt sơ loại nên chưa chốt được danh sách.")


class WorksWaiting(Refusal):
    """Works still wait for screening, and nobody has said why they are left out."""

    def __init__(self, codes: Collection[str]) -> None:
        super().__init__(
            "Còn {count} tác phẩm chưa sơ loại xong: {codes}. Muốn chốt mà không có các tác phẩm này, hãy ghi lý do.",
            count=len(codes), codes=named(codes),
        )  # fmt: skip


class ReasonForAnotherList(Refusal):
    """A list was closed before, and nobody has said why it is closed again."""

    def __init__(self) -> None:
        super().__init__("Danh sách đã chốt một lần: muốn chốt lại, hãy ghi lý do.")


class SourceMissing(Refusal):
    """The source of the seed has to be announced with the list."""

    def __init__(self) -> None:
        super().__init__("Hãy ghi con số bốc thăm sẽ lấy từ đâu, chẳng hạn kết quả xổ số của một ngày sắp tới.")


class SeenListChanged(Refusal):
    """A work was accepted, withdrawn or disqualified since the person read the list."""

    def __init__(self) -> None:
        super().__init__("Danh sách vừa thay đổi; hãy tải lại trang, xem lại rồi mới chốt.")


class AlreadyDrawn(Refusal):
    """The codes were drawn; they are drawn once."""

    def __init__(self) -> None:
        super().__init__("Mã chấm đã bốc thăm; chỉ bốc thăm một lần.")


class NotClosed(Refusal):
    """No list was closed yet."""

    def __init__(self) -> None:
        super().__init__("Phải chốt danh sách trước khi bốc thăm.")


class ListChanged(Refusal):
    """The accepted works are no longer those of the closed list."""

    def __init__(self, codes: Collection[str]) -> None:
        super().__init__(
            "Danh sách không còn như khi chốt, khác ở: {codes}. Hãy chốt lại rồi mới bốc thăm bằng con số mới.",
            codes=named(codes),
        )


class OfficialsAmongAuthors(Refusal):
    """Authors on the list may be officials, who may not enter (R02)."""

    def __init__(self, authors: Mapping[str, Collection[str]]) -> None:
        """`authors`: their names by the codes of their works."""
        super().__init__(
            "Tác giả của {codes} có thể là thành viên các ban: hãy quyết định ở trang “Thành viên các ban” trước khi bốc thăm.",
            codes=named([f"{code} ({', '.join(names)})" if names else code for code, names in authors.items()]),
        )


class TwinsUndecided(Refusal):
    """Films on the list are like another film, and nobody has decided what it means (R09, R15)."""

    def __init__(self, codes: Collection[str]) -> None:
        super().__init__(
            "Phim của {codes} giống một phim khác: hãy quyết định ở trang “Phim giống nhau” trước khi bốc thăm.",
            codes=named(codes),
        )


class WithoutFilm(Refusal):
    """An accepted work has no film."""

    def __init__(self, code: str) -> None:
        super().__init__("Tác phẩm {code} chưa có phim nên không vào chung kết được.", code=code)


class ProposalWaits(Refusal):
    """Another change of this finalist waits for its second person."""

    def __init__(self, code: str) -> None:
        super().__init__("Tác phẩm {code} đang có một đề nghị chờ xác nhận; hãy xử lý đề nghị đó trước.", code=code)


class OutOfCompetition(Refusal):
    """The work is out of the competition, so that its form is not corrected."""

    def __init__(self, code: str) -> None:
        super().__init__("Tác phẩm {code} không còn dự thi nên không sửa thông tin.", code=code)


class NoProposal(Refusal):
    """There is no such proposal."""

    def __init__(self) -> None:
        super().__init__("Không có đề nghị này.")


class AlreadyDecided(Refusal):
    """Somebody has confirmed or declined the proposal meanwhile."""

    def __init__(self, by: str) -> None:
        super().__init__("{by} đã quyết định về đề nghị này.", by=by)


class OwnProposal(Refusal):
    """Nobody confirms or declines their own proposal."""

    def __init__(self) -> None:
        super().__init__("Đề nghị của bạn phải do người khác xác nhận.")


class FilmMissing(Refusal):
    """A film is to be replaced, and no new film was sent."""

    def __init__(self) -> None:
        super().__init__("Chưa có phim mới: hãy gửi phim ở trang “Đơn dự thi”.")
