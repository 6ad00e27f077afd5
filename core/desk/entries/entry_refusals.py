"""Why a work is not taken, or not changed."""

from datetime import datetime

from core.rules.words import Moment, Refusal


class DoorClosed(Refusal):
    """The office has closed the public form."""

    def __init__(self) -> None:
        super().__init__("Ban Tổ chức đang tạm đóng lối nộp trực tuyến. Hãy liên hệ Tổ Thư ký cuộc thi.")


class NotYetOpen(Refusal):
    """The window for entering works has not begun."""

    def __init__(self, opens: datetime) -> None:
        super().__init__("Cuộc thi nhận tác phẩm từ {opens} (kế hoạch III.5).", opens=Moment(opens))


class WindowClosed(Refusal):
    """The window for entering works has ended (R16)."""

    def __init__(self, closes: datetime) -> None:
        super().__init__(
            "Cuộc thi đã hết hạn nhận tác phẩm lúc {closes} (kế hoạch III.5, IV.3).", closes=Moment(closes)
        )


class CompletionOver(Refusal):
    """A returned work can be completed until the screening ends, and it has ended (R17)."""

    def __init__(self, closes: datetime) -> None:
        super().__init__("Đã hết hạn bổ sung tác phẩm lúc {closes} (kế hoạch IV.4).", closes=Moment(closes))


class LateNeedsReason(Refusal):
    """Outside the window the office takes a work only with a reason (R16)."""

    def __init__(self) -> None:
        super().__init__("Ngoài thời gian nhận tác phẩm: cần ghi lý do vì sao vẫn nhận.")


class WrongUnitCode(Refusal):
    """The form asks for a code that the office gives to units, and this is not it."""

    def __init__(self) -> None:
        super().__init__("Mã của đơn vị không đúng. Hãy hỏi lại nơi đã gửi thông báo cuộc thi cho bạn.")


class ContestFull(Refusal):
    """The public form takes no more works."""

    def __init__(self, most: int) -> None:
        super().__init__("Cuộc thi đã nhận đủ {most} tác phẩm trực tuyến. Hãy liên hệ Tổ Thư ký.", most=most)


class TooManyFromHere(Refusal):
    """Too many works have come from this network in a short time."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            "Từ mạng này vừa có quá nhiều đơn được gửi. Hãy thử lại sau {seconds} giây; đơn vẫn còn trên máy bạn.",
            seconds=seconds,
        )


class UnknownLink(Refusal):
    """No submission has this private link: it is mistyped, or a newer link was made."""

    def __init__(self) -> None:
        super().__init__("Liên kết riêng này không đúng hoặc đã được thay bằng liên kết mới.")


class UnknownSubmission(Refusal):
    """There is no submission with this code."""

    def __init__(self) -> None:
        super().__init__("Không có đơn dự thi nào mang mã này.")


class ChangedMeanwhile(Refusal):
    """Somebody, perhaps in another tab, has changed the submission since it was read."""

    def __init__(self) -> None:
        super().__init__("Đơn vừa được thay đổi ở nơi khác. Hãy tải lại trang rồi sửa tiếp.")


class NothingChanged(Refusal):
    """The corrected form equals the stored one."""

    def __init__(self) -> None:
        super().__init__("Chưa có gì thay đổi so với đơn đã lưu.")


class NotOpenForChanges(Refusal):
    """The submission's state allows no more corrections."""

    def __init__(self) -> None:
        super().__init__("Đơn này đã có kết quả sơ loại, đã được rút hoặc bị loại nên không sửa được.")


class NeedsTwoPeople(Refusal):
    """The submission has a judging code: one person proposes a change, and another confirms it."""

    def __init__(self, code: str) -> None:
        super().__init__(
            "Đơn này đã có mã chấm {code}: từ khi bốc thăm, mọi thay đổi do một người đề nghị và người khác xác nhận.",
            code=code,
        )


class SameFilmEntered(Refusal):
    """Another submission has the same film, byte for byte (R09)."""

    def __init__(self, code: str) -> None:
        super().__init__("Phim này trùng hoàn toàn với phim của đơn {code}.", code=code)
