"""Registers of other systems: every row adopted, known, or rejected with its reason; other columns need a mapping file only."""

from __future__ import annotations

import csv
import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.imports.mapping import MappingError, read_mapping
from applications.models import LegacyRecord
from staff.demo import build_cast
from workflow.models import Case, Contact, Deadline, Event, ExternalRef

SHARED = Path(os.environ.get("TONGDIAN_SHARED") or Path(__file__).resolve().parents[3] / "shared")
QUEUES = SHARED / "data" / "queues"

MAPPING = """
[register]
system = "old_register"
title = "Another operator's register"
key = ["No"]
delimiter = ";"
encoding = "gb18030"
skip_rows = 2
absent = ["", "不详"]
skip_when = { "No" = ["合计"] }
[dates.submitted]
column = "申请日期"
formats = ["%Y年%m月%d日", "%Y/%m/%d"]
required = true
[dates.energised]
column = "送电"
formats = ["%Y/%m/%d"]
[numbers.capacity]
column = "容量"
[texts.title]
column = "户名"
[state]
column = "状态"
values = { "已送电" = "ARCHIVED", "撤销" = "WITHDRAWN", "在办" = "LEGACY_OPEN" }
[[impossible]]
code = "order"
reason = "送电早于申请"
before = ["energised", "submitted"]
[[impossible]]
code = "future"
reason = "送电日期在未来"
future = "energised"
states = ["ARCHIVED"]
"""
ROWS = [
    "临川县旧系统导出;;;;;",
    "第二行也不是表头;;;;;",
    "No;户名;申请日期;送电;容量;状态",
    "1;甲;2019年3月4日;2019/05/06;30;已送电",
    "2;乙;2019/03/04;;不详;撤销",
    "3;丙;2019/03/04;2018/01/01;30;已送电",
    "4;丁;很久以前;;30;在办",
    "5;戊;2019/03/04;2999/01/01;30;已送电",
    "6;己;2019/03/04;;三十;在办",
    "7;庚;2019/03/04;;30;飞走了",
    ";辛;2019/03/04;;30;在办",
    "1;壬;2020/03/04;;30;在办",
    "合计;;;;;",
    "9;不详;;;1,000;在办",
]


@pytest.fixture
def register(tmp_path: Path) -> tuple[Path, Path]:
    """A register in another form, and its mapping."""
    build_cast()
    table, mapping = tmp_path / "old.csv", tmp_path / "old.toml"
    table.write_text("\n".join(ROWS), encoding="gb18030")
    mapping.write_text(MAPPING, encoding="utf-8")
    return table, mapping


def run(table: Path, mapping: Path | str, **options: object) -> str:
    out = StringIO()
    call_command(
        "import_cases",
        str(table),
        mapping=str(mapping),
        by="hanlei",
        approved_by="chenli",
        stdout=out,
        stderr=StringIO(),
        **options,
    )
    return out.getvalue()


def lines_of(report: Path) -> list[dict[str, str]]:
    with report.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.django_db
def test_every_row_is_adopted_or_rejected_with_its_reason(
    register: tuple[Path, Path], tmp_path: Path
) -> None:
    report = tmp_path / "report.csv"
    said = run(*register, report=report)
    lines = {int(row["row"]): row for row in lines_of(report)}
    assert sorted(lines) == list(range(4, 15))
    rejected = {row: line["remark"] for row, line in lines.items() if line["result"] == "rejected"}
    assert "送电早于申请" in rejected[6]
    assert "很久以前" in rejected[7]
    assert "送电日期在未来" in rejected[8]
    assert "三十" in rejected[9]
    assert "飞走了" in rejected[10]
    assert "No" in rejected[11]
    assert "skip_when" in rejected[13]
    assert "申请日期" in rejected[14]
    assert set(rejected) == {6, 7, 8, 9, 10, 11, 13, 14}
    assert "11 rows: 3 adopted" in said
    assert LegacyRecord.objects.get(key="1#2").missing == ["energised"]
    assert LegacyRecord.objects.get(key="2").missing == ["energised", "capacity"]


@pytest.mark.django_db
def test_a_legacy_case_has_no_contact_no_clock_and_two_times(register: tuple[Path, Path]) -> None:
    run(*register)
    case = Case.objects.get(legacy__key="1")
    event = Event.objects.get(stream=case.stream)
    assert (event.number, event.kind, case.stage) == (1, "case.adopted", "ARCHIVED")
    assert event.occurred_at is not None
    assert event.occurred_at.year == 2019
    assert event.recorded_at.year >= 2025
    assert event.documents
    assert event.documents[0].startswith("sha-256:")
    assert not Contact.objects.filter(case=case).exists()
    assert not Deadline.objects.filter(case=case).exists()
    assert ExternalRef.objects.get(case=case).value == "1"


@pytest.mark.django_db
def test_a_second_run_and_a_dry_run_change_nothing(register: tuple[Path, Path]) -> None:
    assert "3 would be adopted" in run(*register, dry_run=True)
    assert not LegacyRecord.objects.exists()
    run(*register)
    before = (Case.objects.count(), Event.objects.count())
    assert "0 adopted, 3 known already" in run(*register)
    assert (Case.objects.count(), Event.objects.count()) == before


@pytest.mark.django_db
def test_one_person_is_not_enough(register: tuple[Path, Path]) -> None:
    with pytest.raises(CommandError, match=r"another|导入人本人"):
        call_command(
            "import_cases", str(register[0]), mapping=str(register[1]), by="hanlei", approved_by="hanlei"
        )


@pytest.mark.django_db
def test_a_wrong_file_or_mapping_is_answered_by_a_sentence(
    register: tuple[Path, Path], tmp_path: Path
) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a;b;c\n1;2;3\n\n", encoding="gb18030")
    with pytest.raises(CommandError, match="no column"):
        run(other, register[1])
    bad = tmp_path / "bad.toml"
    bad.write_text("[register]\nsystem = 'x'\n", encoding="utf-8")
    with pytest.raises(MappingError, match="needs title"):
        read_mapping(bad)
    bad.write_text(MAPPING.replace("LEGACY_OPEN", "SOMEWHERE"), encoding="utf-8")
    with pytest.raises(CommandError, match="SOMEWHERE"):
        run(register[0], bad)


@pytest.mark.django_db
def test_adopting_costs_the_same_for_every_entry(register: tuple[Path, Path]) -> None:
    with CaptureQueriesContext(connection) as queries:
        run(*register)
    assert len(queries) <= 12 + 3 * 14


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "rows"), [("pjm", 8190), ("nyiso", 1603)])
def test_real_registers_are_read_whole(name: str, rows: int, tmp_path: Path) -> None:
    table = QUEUES / f"{name}_connection_queue.csv.gz"
    if not table.is_file():
        pytest.skip(f"{table} is not here: the real registers are not part of the product.")
    build_cast()
    report = tmp_path / "report.csv"
    said = run(table, name, dry_run=True, report=report)
    lines = lines_of(report)
    assert len(lines) == rows
    assert f"{rows} rows" in said
    assert {line["result"] for line in lines} <= {"ARCHIVED", "WITHDRAWN", "LEGACY_OPEN", "rejected"}
    assert all(line["remark"] for line in lines if line["result"] == "rejected")
    if name == "pjm":
        remarks = " ".join(line["remark"] for line in lines if line["result"] == "rejected")
        assert "送电早于申请" in remarks
        assert "既撤销又送电" in remarks
        assert "送电日期在未来" in remarks
