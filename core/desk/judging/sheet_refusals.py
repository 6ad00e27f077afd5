"""Why a sheet is not saved, not submitted or not returned: one class for each reason."""

from collections.abc import Mapping

from core.rules.contest import Contest
from core.rules.ids import CriterionKey
from core.rules.words import Refusal, Sentence
from core.store.queries.entries import SheetRow


class StaleVersion(Refusal):
    """The sheet was changed elsewhere since this window last saw it; carries what it holds now."""

    def __init__(self, now: SheetRow) -> None:
        super().__init__("Phiếu này vừa được sửa ở một cửa sổ khác; chưa có gì bị ghi đè.")
        self.now = now


class SheetIsSealed(Refusal):
    """A submitted sheet is read-only."""

    def __init__(self) -> None:
        super().__init__("Phiếu đã nộp và niêm phong; chỉ Trưởng Ban Giám khảo có thể trả lại để sửa.")


class SheetNotSealed(Refusal):
    """Only a submitted sheet can be returned."""

    def __init__(self) -> None:
        super().__init__("Phiếu này chưa nộp nên không có gì để trả lại.")


class OwnSheet(Refusal):
    """Whoever marked a sheet does not hand it back to themselves."""

    def __init__(self) -> None:
        super().__init__("Phiếu của chính bạn phải do Phó Trưởng Ban Giám khảo hoặc Ban Tổ chức trả lại.")


class BadFields(Refusal):
    """Something typed cannot be kept; `fields` says what and why, nothing was saved."""

    def __init__(self, fields: Mapping[str, Sentence]) -> None:
        super().__init__("Có ô nhập chưa đúng; phiếu chưa được lưu.")
        self.fields = fields


class Incomplete(Refusal):
    """A mark not given is missing, not zero: the criteria are named."""

    def __init__(self, contest: Contest, missing: tuple[CriterionKey, ...]) -> None:
        names = "; ".join(contest.criterion(key).name for key in missing)
        super().__init__("Chưa thể nộp: còn thiếu điểm ở tiêu chí {criteria}.", criteria=names)
        self.missing = missing


class NotWatchedEnough(Refusal):
    """The contest asks that more of the film be watched before submitting."""

    def __init__(self, share: int, needed: int) -> None:
        super().__init__(
            "Chưa thể nộp: mới xem {share}% tác phẩm, cần xem ít nhất {needed}%.",
            share=share // 100, needed=-(-needed // 100),
        )  # fmt: skip


class BadSubmitKey(Refusal):
    """A submission without its own key cannot be told from the same click twice."""

    def __init__(self) -> None:
        super().__init__("Yêu cầu nộp phiếu thiếu mã nhận dạng; hãy tải lại trang rồi nộp lại.")
