"""The register of people: who may do what, until when, and where nobody may."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from staff.access import ADMINISTRATOR, SUPERVISOR, TRAINING, open_to, reader
from staff.formats import listed
from staff.forms import PeopleFilter
from staff.models import Competence, Office
from staff.policies import Standing, sees_the_unposted
from staff.selectors import Paper, Person, Shortage, offices_within, shortages
from staff.selectors import people as register
from staff.views.papers import PaperInWords, in_words, shortage_in_words

DUE = (Standing.EXPIRED, Standing.EXPIRING)


@dataclass(frozen=True)
class Row:
    """One person of an office, with a cell per column."""

    person: Person
    roles: str
    cells: list[tuple[Competence, PaperInWords | None]]


@dataclass(frozen=True)
class Section:
    """One office: what nobody there may do, and who may do what."""

    office: Office
    columns: list[Competence]
    rows: list[Row]
    missing: list[str]


@require_safe
@open_to(SUPERVISOR, TRAINING, ADMINISTRATOR)
def people(request: HttpRequest) -> HttpResponse:
    """The matrix of people and competences, office by office, shortages first."""
    today = timezone.localdate()
    by = reader(request)
    offices = offices_within(by)
    form = PeopleFilter(request.GET or None, offices=[office.pk for office in offices])
    chosen, only = _choice(form)
    found = shortages(offices, today)
    everybody = register([office.pk for office in offices], today, unposted=sees_the_unposted(by))
    shown = [person for person in everybody if _wanted(person, only)]
    sections = [
        section
        for office in offices
        if chosen in (None, office)
        for section in [_section(office, shown, found, today)]
        if section.rows or (not only and section.missing)
    ]
    context = {
        "form": form,
        "sections": sections,
        "unposted": [person for person in shown if not person.posts and chosen is None],
        "shortages": [shortage_in_words(shortage) for shortage in found],
        "due": sum(paper.standing in DUE for person in everybody for paper in _counting(person)),
        "today": today,
    }
    return render(request, "staff/people.html", context)


def _choice(form: PeopleFilter) -> tuple[Office | None, str]:
    if not form.is_bound or not form.is_valid():
        return None, ""
    return form.cleaned_data["office"], form.cleaned_data["only"]


def _counting(person: Person) -> list[Paper]:
    """The certificate that counts for each competence the person ever held."""
    held = {paper.certificate.competence_id: paper.certificate.competence for paper in person.papers}
    return [paper for competence in held.values() if (paper := person.best(competence))]


def _wanted(person: Person, only: str) -> bool:
    if only == "due":
        return any(paper.standing in DUE for paper in _counting(person))
    if only == "away":
        return person.is_away
    return True


def _section(office: Office, everybody: list[Person], found: list[Shortage], today: date) -> Section:
    here = [person for person in everybody if any(post.office_id == office.pk for post in person.posts)]
    lacking = [shortage for shortage in found if shortage.office == office]
    columns = {paper.certificate.competence for person in here for paper in person.papers}
    columns |= {shortage.competence for shortage in lacking}
    ordered = sorted(columns, key=lambda competence: competence.position)
    return Section(
        office=office,
        columns=ordered,
        rows=[_row(person, office, ordered, today) for person in here],
        missing=[shortage_in_words(shortage) for shortage in lacking],
    )


def _row(person: Person, office: Office, columns: list[Competence], today: date) -> Row:
    best = [(competence, person.best(competence)) for competence in columns]
    return Row(
        person=person,
        roles=listed(post.get_role_display() for post in person.posts if post.office_id == office.pk),
        cells=[(competence, in_words(paper, today) if paper else None) for competence, paper in best],
    )
