"""Why a reading, or its confirmation, is refused."""

from collections.abc import Sequence
from datetime import datetime

from core.rules.readings.reading_questions import Asked, Question
from core.rules.words import Moment, Refusal


class TakenInTheFuture(Refusal):
    """The reading's time is later than now."""

    def __init__(self, taken_at: datetime) -> None:
        super().__init__(
            "Giờ ghi nhận {taken_at} ở sau thời điểm hiện tại; hãy nhập giờ đã đọc số liệu.", taken_at=Moment(taken_at)
        )


class WorkTwice(Refusal):
    """Two rows of one request are about the same work."""

    def __init__(self) -> None:
        super().__init__("Tác phẩm này có hai dòng trong một lần lưu.")


class EnteredMeanwhile(Refusal):
    """Somebody entered or corrected a reading of this work after the page was read."""

    def __init__(self, by: str) -> None:
        super().__init__("{by} vừa nhập số liệu của tác phẩm này; hãy xem lại rồi lưu lần nữa.", by=by)


class BadAddress(Refusal):
    """The post's address is not an https address, or is too long."""

    def __init__(self) -> None:
        super().__init__("Địa chỉ bài đăng phải bắt đầu bằng https:// và dài không quá 300 ký tự.")


class NoScreenshot(Refusal):
    """There is no such screenshot in the library."""

    def __init__(self) -> None:
        super().__init__("Không tìm thấy ảnh chụp màn hình; hãy gửi lại ảnh.")


class NotAScreenshot(Refusal):
    """The file is no picture of an accepted format, or too large."""

    def __init__(self) -> None:
        super().__init__("Ảnh chụp màn hình phải là ảnh PNG, JPEG hoặc WebP đọc được, không quá 5 MB.")


class NoRoomForScreenshot(Refusal):
    """The disk has no room for a picture beside its reserve."""

    def __init__(self) -> None:
        super().__init__("Máy chủ sắp hết chỗ nên chưa nhận được ảnh; hãy báo người quản trị.")


class NothingToCorrect(Refusal):
    """The reading to correct is not one of this work, was rejected, or is corrected already."""

    def __init__(self) -> None:
        super().__init__("Số liệu này không sửa được nữa: đã bị từ chối hoặc đã có số liệu sửa.")


class QuestionsOpen(Refusal):
    """A reading is out of the ordinary, and nobody has explained it."""

    def __init__(self, questions: Sequence[Question]) -> None:
        super().__init__(
            "Số liệu cần giải thích trước khi lưu: {questions}.",
            questions=Asked(tuple(questions)),
        )


class NotWaiting(Refusal):
    """The reading does not wait for confirmation any more."""

    def __init__(self) -> None:
        super().__init__("Số liệu này không còn chờ xác nhận; hãy tải lại trang.")


class EnteredByYourself(Refusal):
    """Nobody confirms or rejects the reading that they entered."""

    def __init__(self) -> None:
        super().__init__("Bạn đã nhập số liệu này, nên người khác phải xác nhận.")
