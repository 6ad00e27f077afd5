"""The texts of the public pages' scripts and templates."""

from core.desk.entries.entry_door import FormState
from core.rules.contest import Contest
from core.rules.entries.person_requests import KIND_NAMES
from core.rules.entries.terms import CURRENT
from core.rules.words import Language, Locale, Moment, Sentence

LANGUAGES = {Language.VI.value: "Tiếng Việt", Language.EN.value: "English"}  # each in its own language
LINK_NAMES = {
    "study": Sentence("Học tập"),
    "live": Sentence("Sinh sống"),
    "work": Sentence("Làm việc"),
}


def words(locale: Locale) -> dict[str, object]:
    """The texts of the scripts."""
    _ = locale.translate
    return {
        "sending": _("Đang gửi…"),
        "failed": _("Chưa gửi được: mất kết nối. Đơn vẫn còn trên máy bạn; hãy bấm gửi lại."),
        "draft": _("Đơn viết dở từ lần trước được điền lại; nó chỉ nằm trên máy này."),
        "author": _("Tác giả {number}"),
        "first": _("Tác giả 1 (người liên hệ)"),
        "remove": _("Bỏ tác giả {number}"),
        "copied": _("Đã chép liên kết."),
        "copy": _("Chép liên kết riêng"),
        "noLink": _("Thiếu liên kết riêng. Hãy mở đúng liên kết bạn nhận được khi nộp đơn."),
        "noFilm": _("Chưa có phim."),
        "film": "{length}, {size}",
        "saved": _("Đã lưu thay đổi."),
        "checkingFilm": _("Đã gửi xong. Máy chủ đang kiểm tra phim, có thể mất vài phút…"),
        "check": {
            "waiting": _("Phim đang chờ máy kiểm tra."),
            "running": _("Máy đang kiểm tra phim: {percent} %."),
            "good": _("Máy đã kiểm tra phim, không thấy gì phải xem lại."),
            "doubt": _("Máy đã kiểm tra phim; có điểm mà người sơ loại sẽ xem và quyết định."),
            "failed": _("Máy chưa kiểm tra được phim này; Tổ Thư ký sẽ xem."),
        },
        "filmAgain": _("Nộp phim đã gửi"),
        "filmPastRules": _("Vẫn nhận phim này (cần ghi lý do)"),
        "filmTaken": _("Đã nhận phim."),
        "withdrawn": _("Tác phẩm đã thôi dự thi."),
        "changeUntil": _("Sửa và rút được đến {until}."),
        "completeUntil": _("Bổ sung được đến {until}."),
        "completeEnded": _("Đã hết thời gian bổ sung."),
        "resubmitted": _("Đã gửi lại. Tác phẩm chờ sơ loại."),
        "empty": _("(trống)"),
        "asked": _("Đã ghi yêu cầu. Ban Tổ chức trả lời trong hạn luật định; câu trả lời nằm ở phần Lịch sử."),
    }


def terms(contest: Contest, locale: Locale) -> list[dict[str, object]]:
    """The texts to agree to, in the order of the form."""
    body = contest.bodies[0][1] if contest.bodies else locale.translate("Ban Tổ chức")
    facts = {"contest": contest.name, "body": body}
    return [
        {
            "key": term.key,
            "version": term.version,
            "title": term.title.localize(locale),
            "text": Sentence(term.text.text, facts).localize(locale),
        }
        for term in CURRENT.values()
    ]


def kinds(locale: Locale) -> dict[str, str]:
    """What an author can ask about their data, by its stored value."""
    return {each.value: name.localize(locale) for each, name in KIND_NAMES.items()}


def closed_notice(state: FormState, locale: Locale) -> str:
    """Why no work can be entered now; empty inside the window with an open door."""
    window = state.contest.phases.submission if state.contest.phases is not None else None
    if not state.open:
        notice = Sentence("Ban Tổ chức đang tạm đóng lối nộp trực tuyến. Hãy liên hệ Tổ Thư ký cuộc thi.")
    elif window is None or window.holds(state.now):
        return ""
    elif state.now < window.opens:
        notice = Sentence("Cuộc thi nhận tác phẩm từ {opens} (kế hoạch III.5).", {"opens": Moment(window.opens)})
    else:
        facts = {"closes": Moment(window.closes)}
        notice = Sentence("Cuộc thi đã hết hạn nhận tác phẩm lúc {closes} (kế hoạch III.5, IV.3).", facts)
    return notice.localize(locale)
