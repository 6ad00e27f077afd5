"""Invented names of Sơn La's peoples, and the same name from another hand. Seeded: the same in every run.

The peoples' shares are about the province's: Thái 54 %, Kinh 22, H'Mông 15, Mường 9. The lists of names are invented, and
what is measured with them depends on them.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date
from random import Random

from core.rules.vietnamese import bare


def _words(text: str) -> list[str]:
    return text.split()


THAI = _words("Lò Lò Lò Lò Cà Quàng Quàng Lường Lường Hoàng Tòng Vì Vì Cầm Bạc Lù Điêu Hà Đèo Mè")
HMONG = _words("Giàng Giàng Sùng Sùng Vàng Mùa Mùa Thào Thào Hờ Lầu Và Ly Tráng Hạng Vừ Cứ Phàng Sồng")
KINH = _words("Nguyễn Nguyễn Nguyễn Nguyễn Trần Trần Lê Lê Phạm Hoàng Vũ Đỗ Bùi Đặng Phan Ngô Đinh")
MUONG = _words("Đinh Đinh Bùi Hà Quách Xa Phùng Cầm")
MEN = _words(
    "An Anh Bình Cường Chiến Chung Dũng Duy Đức Đạt Giang Hải Hùng Hưng Huy Khánh Kiên Long Lâm Mạnh Minh Nam Ngọc Phong "
    "Phương Quân Quang Sơn Tuấn Tùng Thành Thắng Toàn Trung Trường Tân Tấn Việt Vinh Hoan Hoàn Thơm Ánh Inh Panh Xôm Dung Biên"
)
WOMEN = _words(
    "An Anh Bích Chi Dung Duyên Hà Hằng Hạnh Hiền Hoa Hoà Hồng Hương Huyền Lan Liên Linh Loan Mai Minh Nga Ngân Ngọc Nhung "
    "Oanh Phương Quỳnh Thảo Thu Thuý Thuỷ Trang Tuyết Vân Yến Xuân Inh Pỏm Hặc Panh Thoan Thơm Ín Phóng Tiên Chum Biên"
)
HMONG_GIVEN = _words(
    "Dơ Páo Chống Sếnh Dê Nủ Súa Tủa Của Lử Chơ Ký Nhìa Dình Khua Chư Sà Mỷ Dợ Sông Mái Dính Chía Pàng Dua Máy"
)
MEN_MIDDLE = ["Văn"] * 70 + ["Đức", "Minh", "Quang", "Ngọc", ""] * 6
WOMEN_MIDDLE = ["Thị"] * 60 + ["Thu", "Thanh", "Thị Thu", "Thị Ngọc", ""] * 8
TITLES = ("Ông ", "Đ/c ", "ThS. ")


@dataclass(frozen=True)
class Invented:
    """An invented person."""

    name: str
    birth: date


def people(chance: Random, count: int) -> list[Invented]:
    return [_person(chance) for _ in range(count)]


def retyped(chance: Random, name: str) -> str:
    """The same name from another hand: capitals, no marks, NFD, hòa for hoà, i for y, order, a title, one letter wrong or lost."""
    words, at = name.split(), chance.randrange(1, len(name))
    reordered = " ".join([words[-1], *words[:-1]]) if chance.random() < 0.4 else chance.choice(TITLES) + name
    initial = f"{words[0]} {words[1][0]}. {words[2]}" if len(words) == 3 else name
    other_accents = name.replace("oà", "òa").replace("uý", "úy").replace("y", "i")
    wrong = name[: at - 1] + chance.choice("aeionth") + name[at:]
    spellings = (
        name.upper(), bare(name).title(), unicodedata.normalize("NFD", name), other_accents, "  ".join(words), initial,
        reordered, wrong, name[:at] + name[at + 1 :], name,
    )  # fmt: skip
    return chance.choice(spellings)


def _person(chance: Random) -> Invented:
    (people_of,) = chance.choices(["thai", "hmong", "kinh", "muong"], [54, 15, 22, 9])
    man = chance.random() < 0.55
    if people_of == "hmong":
        name = f"{chance.choice(HMONG)} {'A' if man else 'Thị'} {chance.choice(HMONG_GIVEN)}"
    else:
        family = chance.choice({"thai": THAI, "kinh": KINH, "muong": MUONG}[people_of])
        name = f"{family} {chance.choice(MEN_MIDDLE if man else WOMEN_MIDDLE)} {chance.choice(MEN if man else WOMEN)}"
    return Invented(
        " ".join(name.split()), date(chance.randint(1970, 2006), chance.randint(1, 12), chance.randint(1, 28))
    )
