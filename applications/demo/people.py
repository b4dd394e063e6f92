"""Made-up customers: names, places and numbers that belong to nobody."""

from __future__ import annotations

import random
from dataclasses import dataclass

from stdnum.cn import ric, uscc

from applications.services.filing import NO_DETAILS
from applications.services.particulars import Details

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = [
    "海棠",
    "建国",
    "晓燕",
    "志强",
    "秀兰",
    "明",
    "丽华",
    "小军",
    "桂英",
    "国庆",
    "雨桐",
    "梓涵",
    "德才",
    "春生",
    "一鸣",
    "素珍",
]
ROADS = ["海棠路", "云溪路", "中山路", "文化巷", "滨河大道", "学府街", "青石巷", "富民路"]
ESTATES = ["云溪花园", "锦绣家园", "河畔新村", "城东小区"]
SHOPS = ["早餐店", "便利店", "理发店", "五金店", "小超市", "奶茶店", "面馆", "修车铺", "诊所"]
FIRMS = [
    "恒泰五金厂",
    "宏远铸造",
    "启明数据",
    "金穗粮油",
    "蓝天纺织",
    "鼎新建材",
    "正和食品",
    "东塘农机",
    "海川冷链",
    "佳美包装",
]


@dataclass(frozen=True)
class Customer:
    """Who asks, where, and for what."""

    name: str
    phone: str
    id_number: str
    kind: str
    address: str
    need: str
    capacity: int
    supply_class: str
    usage: str
    contact_name: str = ""
    business_type: str = "new_supply"
    details: Details = NO_DETAILS


def customer(rng: random.Random, supply_class: str, number: int) -> Customer:
    """A customer of that class. Numbers have right check digits and lie in ranges nobody was given."""
    person = rng.choice(SURNAMES) + rng.choice(GIVEN)
    phone = f"19900{number:06d}"
    road = f"{rng.choice(ROADS)}{rng.randint(1, 199)}号"
    if supply_class == "residential":
        place = f"{rng.choice(ESTATES)}{rng.randint(1, 12)}-{rng.randint(1, 4)}-{rng.randint(101, 1204)}"
        return Customer(
            person,
            phone,
            resident_id(rng),
            "person",
            place,
            "新房装表",
            rng.choice([8, 10, 12]),
            supply_class,
            "residential",
        )
    if supply_class == "lv_other":
        shop = rng.choice(SHOPS)
        return Customer(
            f"{person}{shop}", phone, credit_code(rng), "organisation", road, f"{shop}新装", rng.choice([20, 30, 45, 60, 100]),
            supply_class, "commercial", person,
        )  # fmt: skip
    firm = f"{rng.choice(FIRMS)}有限公司"
    return Customer(
        firm, phone, credit_code(rng), "organisation", f"开发区纬{rng.randint(1, 9)}路{rng.randint(1, 60)}号", "高压新装",
        rng.choice([315, 400, 500, 630, 800, 1000, 1250]), supply_class, "industrial", person,
    )  # fmt: skip


def resident_id(rng: random.Random) -> str:
    """An identity number nobody was given."""
    body = f"370102{rng.randint(1955, 2004)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}{rng.randint(0, 999):03d}"
    return body + ric.calc_check_digit(body + "0")


def credit_code(rng: random.Random) -> str:
    """A credit code nobody was given."""
    body = "91370102" + "MA3" + "".join(rng.choice("0123456789ABCDEFGHJKLMNPQRTUWXY") for _i in range(6))
    return body + uscc.calc_check_digit(body + "0")
