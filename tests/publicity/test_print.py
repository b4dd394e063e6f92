"""My list leaves the printer as one sheet of A4, whatever was answered, in both languages and in large type."""

import re

import pytest
from django.urls import reverse

LONGEST = {
    "new_supply.residential": "owner_is_applicant=no&title_proof=yes&by_agent=yes",
    "new_supply.lv_other": "owner_is_applicant=no&organisation=company&by_agent=yes&regulated=yes",
    "new_supply.hv_single": "by_agent=yes&nonlinear=yes&high_energy=yes",
}


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("large", ["0", "1"])
@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_the_longest_lists_print_on_one_sheet(page, live_server, lang, large):
    page.goto(f"{live_server.url}/prefs/large/?on={large}&next=/guide/")
    page.goto(f"{live_server.url}/prefs/language/?to={lang}&next=/guide/")
    for category, answers in LONGEST.items():
        page.goto(f"{live_server.url}{reverse('guide_checklist_list', args=[category])}?{answers}")
        assert page.locator(".qr").count() == 2
        assert pages_of(page.pdf(prefer_css_page_size=True)) == 1, (category, lang, large)
        page.emulate_media(media="print")
        assert min(page.locator(".qr").nth(i).bounding_box()["width"] for i in (0, 1)) >= 94.4  # 25 mm
        page.emulate_media(media="null")


@pytest.mark.django_db(transaction=True)
def test_no_page_is_wider_than_a_small_phone(page, live_server):
    page.set_viewport_size({"width": 320, "height": 700})
    addresses = [reverse(name) for name in ("guide", "guide_checklist", "guide_process", "guide_service")]
    addresses += [
        f"{reverse('guide_checklist_list', args=[category])}?{answers}"
        for category, answers in LONGEST.items()
    ]
    addresses += [reverse("guide_checklist_list", args=[category]) for category in LONGEST]
    for address in addresses:
        page.goto(live_server.url + address)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, address
