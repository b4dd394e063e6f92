"""What a project's sheet asks for, column by column: the heading in two languages, what may stand there, and how it is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from applications.imports.table import Column, Wrong, number
from applications.models import (
    Current,
    EstateConsent,
    Export,
    ProjectKind,
    Roof,
)
from applications.numbers import why_not_resident_id
from staff.phones import normalised

LONGEST_LABEL = 40
YES = {"是": True, "yes": True, "y": True, "√": True, "可以": True, "能": True}
NO = {"否": False, "no": False, "n": False, "×": False, "不可以": False, "不能": False}
EXPORTS = {"自发自用余电上网": "surplus", "余电上网": "surplus", "全额上网": "full"}
ROOFS = {"自有": "own", "共有": "shared", "租借": "leased"}
CURRENTS = {"交流": "ac", "直流": "dc"}
HOSTED = {"全部接入": "fits", "部分接入": "partly"}
CONSENTS = {"已取得": "given", "无物业": "none", "待取得": "to_come"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One column: its heading in Chinese and English, what to write there, an example, how its text is read."""

    key: str
    zh: str
    en: str
    note_zh: str
    note_en: str
    read: Callable[[str], Any]
    example: str = ""
    required: bool = True

    @property
    def heading(self) -> str:
        """Both languages in one cell, Chinese first."""
        return f"{self.zh} {self.en}"

    def column(self) -> Column:
        """By any of its headings. An optional column may be absent altogether."""
        return Column(self.key, (self.heading, self.zh, self.en), required=self.required)


def text(longest: int) -> Callable[[str], str]:
    """Short text on one line."""

    def read(said: str) -> str:
        if len(said) > longest:
            raise Wrong(_("At most %(n)s characters.") % {"n": longest})
        if any(ord(character) < 32 for character in said):
            raise Wrong(_("Write it on one line."))
        return said

    return read


def amount(least: str, most: str, places: int = 1) -> Callable[[str], str]:
    """A number between two others, as text that JSON keeps exactly."""

    def read(said: str) -> str:
        value = number(said, least=Decimal(least))
        if value > Decimal(most):
            raise Wrong(_("The largest number possible here is %(limit_value)s.") % {"limit_value": most})
        if value != round(value, places):
            raise Wrong(_("At most %(max)s digits after the point.") % {"max": places})
        return f"{value:f}"

    return read


def one_of(words: Mapping[str, Any], codes: Any = ()) -> Callable[[str], Any]:
    """One of a few words; the code itself is understood too."""
    known = {"".join(word.split()).lower(): value for word, value in words.items()}
    known |= {str(code): str(code) for code in codes}

    def read(said: str) -> Any:
        bare = "".join(said.split()).lower()
        if bare not in known:
            shown = "、".join(words)
            raise Wrong(
                _("“%(text)s” is not known. Write one of: %(words)s.") % {"text": said[:40], "words": shown}
            )
        return known[bare]

    return read


def phone(said: str) -> str:
    """A mobile number."""
    found = normalised(said)
    if found is None:
        raise Wrong(_("Enter an 11-digit mobile number that begins with 1, for example 138 0000 1234."))
    return found


def identity(said: str) -> str:
    """An ID number, whole: a spreadsheet that kept it as a number has lost its last digits."""
    if "e+" in said.lower():
        raise Wrong(
            _(
                "The spreadsheet has turned this ID number into a figure and lost digits; format the cell as text and type it again."
            )
        )
    bare = "".join(said.split()).upper()
    if why := why_not_resident_id(bare):
        raise Wrong(why)
    return bare


LABEL = Asked(
    "label",
    "单元编号",
    "Unit",
    "楼栋-单元-房号、户编号或车位号；同一项目内不得重复",
    "Building and flat, household or space; once in a project",
    text(LONGEST_LABEL),
    "1-1-101",
)
NAME = Asked(
    "name",
    "户名",
    "Name",
    "不填即由申请单位代为立户",
    "Empty: in the name of whoever applies for the project",
    text(60),
    "李春梅",
    required=False,
)
ID_NUMBER = Asked(
    "id_number",
    "证件号码",
    "ID number",
    "居民身份证号 18 位，单元格设为文本",
    "18 characters; format the cell as text",
    identity,
    "11010519491231002X",
    required=False,
)
PHONE = Asked(
    "phone",
    "联系电话",
    "Phone",
    "本户手机号；不填即用项目联系电话",
    "Mobile number of this unit; empty: the project's",
    phone,
    "13800001234",
    required=False,
)
ADDRESS = Asked(
    "address",
    "详细地址",
    "Address",
    "不填即为项目地址加单元编号",
    "Empty: the project's address with the unit",
    text(160),
    "",
    required=False,
)

_UNIT_COLUMNS: dict[str, tuple[Asked, ...]] = {
    ProjectKind.ESTATE: (
        LABEL,
        Asked(
            "capacity",
            "申请容量(kW)",
            "Capacity (kW)",
            "每户容量，单位 kW",
            "Of each home, in kW",
            amount("0.1", "100"),
            "8",
        ),
        NAME,
        ID_NUMBER,
        PHONE,
        ADDRESS,
    ),
    ProjectKind.VILLAGE_PV: (
        LABEL,
        Asked("name", "户名", "Name", "屋顶所有人姓名", "Of the roof's owner", text(60), "李春梅"),
        Asked(
            "id_number",
            "证件号码",
            "ID number",
            ID_NUMBER.note_zh,
            ID_NUMBER.note_en,
            identity,
            ID_NUMBER.example,
        ),
        Asked(
            "capacity",
            "装机容量(kWp)",
            "Power (kWp)",
            "每户光伏装机，单位 kWp",
            "Of each plant, in kWp",
            amount("0.1", "400"),
            "20",
        ),
        Asked(
            "export",
            "消纳方式",
            "Mode of operation",
            "自发自用余电上网 或 全额上网",
            "surplus or full",
            one_of(EXPORTS, Export.values),
            "自发自用余电上网",
        ),
        Asked(
            "roof",
            "屋顶权属",
            "Roof",
            "自有、共有、租借；不填即为自有",
            "own, shared or leased; empty: own",
            one_of(ROOFS, Roof.values),
            "自有",
            required=False,
        ),
        PHONE,
        ADDRESS,
    ),
    ProjectKind.CHARGING: (
        LABEL,
        Asked(
            "piles", "桩数", "Piles", "本单元充电桩数量", "How many at this unit", amount("1", "2000", 0), "2"
        ),
        Asked(
            "pile_kw",
            "单桩功率(kW)",
            "Power of a pile (kW)",
            "铭牌功率，单位 kW",
            "As on the plate",
            amount("1", "2000"),
            "7",
        ),
        Asked(
            "current", "电流", "Current", "交流 或 直流", "ac or dc", one_of(CURRENTS, Current.values), "交流"
        ),
        Asked(
            "estate_consent",
            "物业同意",
            "Consent",
            "已取得、无物业、待取得",
            "given, none or to_come",
            one_of(CONSENTS, EstateConsent.values),
            "已取得",
        ),
        ADDRESS,
    ),
}


_WORDS = {"result": HOSTED, "export": EXPORTS, "roof": ROOFS, "current": CURRENTS, "estate_consent": CONSENTS}


def written(key: str, value: Any) -> str:
    """A cell's value as it was written."""
    if isinstance(value, bool):
        return "是" if value else "否"
    words = {code: word for word, code in reversed(_WORDS.get(key, {}).items())}
    return words.get(value, str(value))


def columns_of(kind: str) -> tuple[Asked, ...]:
    """What the sheet of units of such a project asks for."""
    return _UNIT_COLUMNS[kind]
