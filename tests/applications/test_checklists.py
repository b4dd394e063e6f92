"""Checklists: the papers follow from the answers, and an edition stays what it was."""

import datetime as dt
from itertools import product

import pytest
from django.db import connection
from django.utils import timezone, translation

from applications import checklists
from applications.models import ChecklistItem
from applications.services import seeds
from workflow.stages import ROUTE_STAGES

pytestmark = pytest.mark.django_db

HOME = "new_supply.residential"
SHOP = "new_supply.lv_other"
FACTORY = "new_supply.hv_single"


@pytest.fixture
def seeded():
    seeds.load()


def today():
    return timezone.localdate()


def codes(category, **answers):
    return checklists.checklist(category, answers, today()).codes()


def answer_paths(category):
    """Every way to answer a category's questions."""
    rows = checklists.rows_of(category, checklists.current_edition(category))
    questions = checklists.questions_of(rows)
    for values in product(*([value for value, _label in q.choices.values()] for q in questions)):
        yield rows, {q.field: value for q, value in zip(questions, values, strict=True)}


def test_an_owner_with_a_deed_brings_three_papers(seeded):
    assert codes(HOME, owner_is_applicant=True, title_proof="yes", by_agent=False) == [
        "application_form",
        "identity",
        "title",
    ]


def test_an_agent_of_a_tenant_without_deed_brings_consent_village_certificate_and_own_identity(seeded):
    assert codes(HOME, owner_is_applicant=False, title_proof="none", by_agent=True) == [
        "application_form",
        "identity",
        "village_certificate",
        "owner_consent",
        "agent_identity",
    ]


@pytest.mark.parametrize("category", [HOME, SHOP, FACTORY])
def test_every_way_to_answer_gives_exactly_the_rows_whose_conditions_hold(seeded, category):
    seen = set()
    for rows, answers in answer_paths(category):
        expected = [
            row.code
            for row in rows
            if all(answers[field] in allowed for field, allowed in row.conditions.items())
        ]
        assert codes(category, **answers) == expected
        seen.add(tuple(expected))
    assert len(seen) > 1


@pytest.mark.parametrize("category", [HOME, SHOP, FACTORY])
def test_at_most_six_questions_are_asked_and_each_changes_the_list(seeded, category):
    rows = checklists.rows_of(category, checklists.current_edition(category))
    questions = checklists.questions_of(rows)
    assert 0 < len(questions) <= 6
    paths = list(answer_paths(category))
    for question in questions:
        others = {}
        for _rows, answers in paths:
            rest = tuple(sorted((k, str(v)) for k, v in answers.items() if k != question.field))
            others.setdefault(rest, set()).add(tuple(codes(category, **answers)))
        assert any(len(lists) > 1 for lists in others.values()), question.field


def test_every_condition_has_its_question(seeded):
    for category in checklists.categories():
        rows = checklists.rows_of(category, checklists.current_edition(category))
        asked = {
            q.field: {value for value, _label in q.choices.values()} for q in checklists.questions_of(rows)
        }
        for row in rows:
            for field, allowed in row.conditions.items():
                assert set(allowed) <= asked[field], (row.code, field)


def test_an_edition_stays_what_it_was(seeded):
    answers = {"owner_is_applicant": True, "title_proof": "yes", "by_agent": False}
    before = checklists.current_edition(HOME)
    then = checklists.checklist_of(HOME, before, answers)
    row = ChecklistItem.objects.get(category=HOME, code="identity")
    row.name_zh = "改过的名称"
    row.save()
    ChecklistItem.objects.get(category=HOME, code="application_form").delete()
    again = checklists.checklist_of(HOME, checklists.edition_numbered(HOME, before.number), answers)
    assert [(i.code, i.name_zh, i.source) for i in again.items] == [
        (i.code, i.name_zh, i.source) for i in then.items
    ]
    now = checklists.checklist_of(HOME, checklists.current_edition(HOME), answers)
    assert [i.name_zh for i in now.items] == ["改过的名称", "房屋权属证明（任选一种）"]
    assert checklists.current_edition(HOME).number > before.number


def test_another_categorys_change_is_no_new_edition(seeded):
    before = checklists.current_edition(HOME)
    ChecklistItem.objects.filter(category=SHOP).first().save()
    assert checklists.current_edition(HOME) == before


def test_an_edition_belongs_to_its_category(seeded):
    assert checklists.edition_numbered(SHOP, checklists.current_edition(HOME).number) is None


def test_a_day_before_the_first_edition_is_answered_with_it(seeded):
    old = checklists.checklist(HOME, {"title_proof": "yes"}, dt.date(2001, 1, 1))
    assert old.codes() == codes(HOME, title_proof="yes") != []


def test_a_paper_given_up_in_three_days_is_asked_for_until_then(seeded):
    row = ChecklistItem.objects.get(category=HOME, code="identity")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL tongdian.shift = '3 days'")
        row.in_force = False
        row.save()
        cursor.execute("SET LOCAL tongdian.shift = ''")
    assert "identity" in codes(HOME)
    later = checklists.checklist(HOME, {}, today() + dt.timedelta(days=3))
    assert "identity" not in later.codes()


def test_a_category_without_list_has_none():
    assert checklists.checklist("dpv.natural", {}, today()) is None
    assert checklists.current_edition("dpv.natural") is None


def test_loading_again_adds_nothing(seeded):
    before = ChecklistItem.objects.count()
    assert seeds.load()["checklistitem"] == 0
    assert ChecklistItem.objects.count() == before


def test_a_new_version_replaces_the_row_it_follows(seeded):
    newer = next(seeds.seeded_items())
    newer.version = 2
    assert seeds._add(newer)
    rows = ChecklistItem.objects.filter(category=newer.category, code=newer.code).order_by("version")
    assert [row.in_force for row in rows] == [False, True]


def test_a_new_version_never_overrules_an_edited_row(seeded):
    newer = next(seeds.seeded_items())
    edited = ChecklistItem.objects.get(category=newer.category, code=newer.code)
    edited.name_zh = "本单位改写"
    edited.save()
    newer.version = 2
    seeds._add(newer)
    rows = ChecklistItem.objects.filter(category=newer.category, code=newer.code).order_by("version")
    assert [(row.name_zh, row.in_force) for row in rows] == [("本单位改写", True), (newer.name_zh, False)]


def test_every_seed_names_its_source_and_what_is_unverified_is_never_mandatory():
    items = list(seeds.seeded_items())
    assert len(items) > 20
    for item in items:
        item.clean_fields()
        assert item.source, item.code
        assert item.grade in "ABCDUX"
        assert not (item.grade in "DU" and item.mandatory), item.code
        for text in (
            item.name_zh,
            item.name_en,
            item.form_zh,
            item.form_en,
            item.issued_by_zh,
            item.issued_by_en,
        ):
            assert text, item.code


def test_what_may_come_later_says_by_when_and_that_the_practice_is_our_own():
    for item in seeds.seeded_items():
        assert bool(item.deferred_until) == item.may_defer, item.code
        if item.may_defer:
            assert item.deferred_until in ROUTE_STAGES
        if item.may_defer or item.obtainable_by_sharing:
            assert "待核" in item.source


def test_questions_speak_chinese_first():
    with translation.override("zh-hans"):
        for question in checklists.QUESTIONS.values():
            assert any("一" <= letter <= "鿿" for letter in str(question.text))
            for _value, label in question.choices.values():
                assert any("一" <= letter <= "鿿" for letter in str(label))
