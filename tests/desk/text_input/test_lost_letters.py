"""Vietnamese text that lost letters before the import is detected; ordinary titles and names are not reported."""

import unicodedata

import pytest

from core.desk.text_input.lost_letters import lost_letters

GOOD = """
Chuyển đổi số là gì? | Số hoá bản làng | Vì sao? Vì ai? | Ai? Ở đâu? Khi nào? | “Ai đó?” | (Ai?) | Có/không? | 5W1H?
AI là gì? Vì sao cần AI? | Dữ liệu: dầu mỏ mới? | Số hoá là gì?Vì sao cần? | BẢN SỐ? | VÌ SAO?CHUYỂN ĐỔI SỐ | OK? OK!
Lò Văn Mười? | https://video.vn/xem?id=12 | xem tại www.sonla.gov.vn/?p=3 | Q&A | C++ và C# | Nối vòng tay lớn
Giàng A Páo | H'Hen Niê | H’Mông và chợ phiên | Y Phương | Ê-đê kể chuyện số | K'Sor Phước | Kpă Klơng | Rơ Châm Yơr
Siu Black | Hờ A Của | Vừ Thị Mỷ | Thào A Lử | Mùa A Sử | Sùng Thị Dở | Tráng A Chư | Vì A Dơ | Blôk | M'Drăk | Đắk Lắk
Krông Nô | Đăk Tô | Pleiku | A Lưới | Ma Thuột | Chư Păh | Ia Grai | Hơ Moong | Nậm Păm | Púng Bánh | Mường Và | Sốp Cộp
Lò Thị Ín | Quàng Văn Ướt | Cà Thị Ỏ | Đèo Văn Ỷ | Đinh Thị Ân | Bùi Đình Đạt | Doãn Thị Ản | Trí Nhân | Hà Nam | Bó Mười
Café Ban Mê | Garçon | Le goût du thé à la cannelle | Où es-tu, été? | Forêt de Noël | L'hôtel à Đà Lạt | Loïc | Hanoï
Saint-Exupéry | Citroën | naïve | Zoë | Chloë | München | Düsseldorf | Malmö | São Paulo | El Niño | ¿Qué tal? | ¡Hola!
Señor | René | José María | Thaïs | Raphaël | Coca-Cola® | Sony® tại Việt Nam | © 2024 Đoàn Thanh niên | Điểm 9½ | 25°C
5 µm | 10 m² | CO₂ | «Số hoá» | “Số” và ‘dữ liệu’ | Nhà nước số – dân số | Bắc×Nam | Đường về bản 4.0 | VNeID mức 2
Hát xướng, múa xoè, khèn Mông | Khuya khoắt | Ngoằn ngoèo đường số | Quý, quỳ, quỷ, quỹ, quỵ | Giếng, giặt, gìn giữ
Uỷ ban | Tuỳ duyên | Thuở ấy | Xoong nồi | Boong tàu | Yêu thương | Ỷ lại | ẢNH HƯỞNG CỦA CHUYỂN ĐỔI SỐ? | Đ/c Nguyễn Văn A
là, có, nhà, bàn, màn, hôm | cò bò | Bé trò | thành công | Không có gì? | Em là ai | TikTok, YouTube, Zalo | Digital Sơn La
The village that went online | Who am I? | Năm 2024?! | Dân ca Thái “Inh lả ơi” | Phim số 1: “Mùa xuân” | Gia đình 👨‍👩‍👧
"""
LOST = """
Chuy?n d?i s? | Nguy?n Van A | Vi?t Nam | CHUY?N Đ?I S? | Nguy??n Th?? H??a | S? hoá b?n làng | ?ường làng | Mua? ?ông
Chuy¿n ¿¿i s¿ | Chuy\ufffdn \ufffdổi | b\ufffdn làng | Chuyï¿½n ï¿½ï¿½i
ChuyÓn ®æi sè | Céng hoµ x· héi chñ nghÜa ViÖt Nam | NguyÔn V¨n An | Lß ThÞ Thuû | Giµng A P¸o | S¬n La | ®êng vÒ b¶n
n\u00adíc | CHUYÓN §æI Sè | T×nh yªu | Dù xa vÉn nhí | Hµ Nam
Chuyeån ñoåi soá | Traàn Vaên An | Nguyeãn Thò Hoaø | Ñöôøng veà baûn | Vieät Nam | CHUYEÅN ÑOÅI SOÁ | Quaøng Vaên Öôùt
Chuyá»ƒn Ä‘á»•i sá»‘ | Há»“ ChÃ\xad Minh | ÄÆ°á»\x9dng vá»\x81 báº£n
"""


def texts(rows: str) -> list[str]:
    return [text.strip(" ") for row in rows.strip().splitlines() for text in row.split("|")]


@pytest.mark.parametrize("text", texts(GOOD))
def test_an_ordinary_title_or_name_is_not_reported(text: str) -> None:
    assert not lost_letters(unicodedata.normalize("NFC", text))
    assert not lost_letters(unicodedata.normalize("NFD", text))


@pytest.mark.parametrize("text", texts(LOST))
def test_a_text_that_lost_its_letters_is_found(text: str) -> None:
    assert lost_letters(text)


def test_the_example_lists_are_long_enough() -> None:
    assert len(texts(GOOD)) > 120 and len(texts(LOST)) > 30
