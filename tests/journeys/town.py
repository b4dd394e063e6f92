"""People at browsers of their own, in a bureau that runs: what the journeys are told with."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Response, expect
from playwright.sync_api import TimeoutError as Timeout

from applications.models import Application
from staff.demo import PASSWORD
from tests.journeys.phones import newest_code
from workflow.models import Case
from workflow.relay import relay

SHOTS = Path(__file__).parent / "shots"
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1366, "height": 900}
ALL = "all"
"""Every box of a question."""
PATIENCE = 10_000
"""Milliseconds; two cores may be busy with something else."""


class Person:
    """Somebody with a browser. Every page they see is whole: no error, nothing stopped by the policy, nothing wider than the screen."""

    def __init__(self, browser: Browser, base: str, journey: str, size: dict[str, int] = DESK) -> None:
        self.base, self.journey = base, journey
        touch = size is PHONE
        self.context = browser.new_context(
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport=size,
            has_touch=touch,
            is_mobile=touch,  # type: ignore[arg-type]
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("response", self._answered)
        self.wrong: list[str] = []

    # --- moving about ----------------------------------------------------------------------------------------

    def go(self, path: str, expected: int = 200) -> Person:
        response = self.page.goto(path if path.startswith("http") else self.base + path)
        assert response is not None
        assert response.status == expected, (path, response.status)
        return self.look()

    def press(self, words: str, *, within: str = "body") -> Person:
        """Press the button or link that says so."""
        place = self.page.locator(within)
        button = place.get_by_role("button", name=words).or_(place.get_by_role("link", name=words))
        return self.lands(button.first)

    def fill(self, form: str = "main", **answers: Any) -> Person:
        """Answer a form's questions by the names of its fields: text, choices, boxes, files."""
        for name, answer in answers.items():
            self._answer(self.page.locator(form).locator(f'[name="{name}"]'), answer)
        return self

    def send(self, form: str) -> Person:
        """Press a form's main button."""
        return self.lands(self.page.locator(form).locator("button.primary, button.danger").first)

    def lands(self, button: Locator) -> Person:
        """Press it and wait for the page it leads to."""
        with self.page.expect_navigation(timeout=2 * PATIENCE):
            button.click()
        return self.look()

    def act(self, case: Case, name: str, **answers: Any) -> Person:
        """An officer's act: on the case page if its form stands there, else on the act's own page. It must be recorded."""
        self.go(f"/cases/{case.pk}/")
        form = f'form[action$="/act/{name}/"]'
        if not self.page.locator(form).count():
            self.go(f"/cases/{case.pk}/act/{name}/")
            form = "main form"
        events = case_events(case)
        self.fill(form, **answers).send(form)
        assert case_events(case) > events, f"{name}: {self.words()}"
        return self

    def do(self, case: Case, name: str, **answers: Any) -> Person:
        """A customer's act, begun on their own case's page."""
        self.go(f"/my/{case.pk}/")
        link = self.page.locator(f'a[href$="/do/{name}/"]').first
        expect(link).to_be_visible()
        events = case_events(case)
        self.lands(link).fill("main form", **answers).send("main form")
        assert case_events(case) > events, f"{name}: {self.words()}"
        return self

    def follows(self, case: Case, *words: str) -> Person:
        """The customer's own page of the case, after what happened has been passed on."""
        pass_on()
        return self.go(f"/my/{case.pk}/").sees(*words)

    # --- seeing ----------------------------------------------------------------------------------------------

    def sees(self, *words: str, within: str = "body") -> Person:
        """These words stand on the page, or soon will."""
        for word in words:
            place = self.page.locator(within).first
            with suppress(Timeout):
                place.filter(has_text=word).wait_for(timeout=PATIENCE)
            said = re.sub(r"\s+", " ", place.inner_text())
            assert word in said, f"{word} is not on {self.page.url}: {said}"
        return self

    def sees_not(self, *words: str) -> Person:
        said = self.words()
        assert not [word for word in words if word in said], said
        return self

    def words(self) -> str:
        return re.sub(r"\s+", " ", self.page.locator("body").inner_text())

    def shot(self, name: str) -> Person:
        """A picture to look at (git-ignored). With its caret: hiding it would leave styles behind that the policy stops later."""
        SHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{self.journey}-{name}.png", full_page=True, caret="initial")
        return self

    def look(self) -> Person:
        """What holds on every page. A refusal (409, 422) is a page like any other; who answers 500 is heard of in `_answered`."""
        assert not self.wrong, (self.page.url, self.wrong)
        over = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert over <= 0, f"{self.page.url} is {over} px wider than the screen"
        return self

    # --- how -------------------------------------------------------------------------------------------------

    def signs_in(self, username: str) -> Person:
        """An officer, by name and password."""
        self.go("/signin/")
        form = 'form[action$="/signin/officer/"]'
        self.fill(form, username=username, password=PASSWORD)
        return self.lands(self.page.locator(form).locator("button").first)

    def signs_in_by_code(self, phone: str) -> Person:
        """A customer, from the sign-in page that is shown, by the code sent to their phone."""
        form = 'form[action$="/signin/phone/"]'
        self.fill(form, phone=phone).send(form)
        return self.fill("main form", code=newest_code(phone)).send("main form")

    def _answer(self, field: Locator, answer: Any) -> None:
        assert field.count(), f"no such question on {self.page.url}: {field}: {self.words()[:900]}"
        details = field.first.locator("xpath=ancestor::details[not(@open)]")
        if details.count():
            details.first.locator("summary").click()
        kind = field.first.evaluate("e => e.tagName === 'INPUT' ? e.type : e.tagName.toLowerCase()")
        if kind == "file":
            field.first.set_input_files(answer)
        elif kind == "radio":
            self._choice(field, str(answer)).check()
        elif kind == "checkbox":
            for box in field.all() if answer == ALL else [field.first]:
                box.check()
        elif kind == "select":
            field.first.select_option(answer if isinstance(answer, dict) else str(answer))
        else:
            field.first.fill(str(answer))

    @staticmethod
    def _choice(field: Locator, value: str) -> Locator:
        return field.and_(field.page.locator(f'[value="{value}"]')).first

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.wrong.append(message.text)

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.wrong.append(f"{response.status} {response.url}")


class Town:
    """The bureau and whoever comes to it in one journey."""

    def __init__(self, browser: Browser, base: str, journey: str) -> None:
        self.browser, self.base, self.journey = browser, base, journey
        self._people: dict[str, Person] = {}

    def customer(self, name: str = "customer") -> Person:
        """Somebody with a phone."""
        return self._people.setdefault(name, Person(self.browser, self.base, self.journey, PHONE))

    def officer(self, username: str, size: dict[str, int] = DESK) -> Person:
        """Somebody of the cast, signed in."""
        if username not in self._people:
            self._people[username] = Person(self.browser, self.base, self.journey, size).signs_in(username)
        return self._people[username]

    def close(self) -> None:
        for person in self._people.values():
            person.context.close()


def pass_on() -> None:
    """What the worker does every two seconds."""
    while relay():
        pass


def case_events(case: Case) -> int:
    return Case.objects.values_list("event_number", flat=True).get(pk=case.pk)


def stage_of(case: Case) -> str:
    return Case.objects.values_list("stage", flat=True).get(pk=case.pk)


def the_application() -> Application:
    """The one there is."""
    return Application.objects.select_related("case__office").get()


def photo(folder: Path, name: str = "id.jpg", colour: str = "white") -> str:
    """A picture that can be uploaded."""
    path = folder / name
    Image.new("RGB", (400, 260), colour).save(path, "JPEG")
    return str(path)
