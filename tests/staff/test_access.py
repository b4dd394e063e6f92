"""Who may open a page: redirect, 401, 404; for functions, classes and REST views alike."""

from types import ModuleType

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import clear_url_caches, include, path, resolve, reverse
from django.views import View
from rest_framework.decorators import api_view
from rest_framework.response import Response
from rest_framework.views import APIView

from staff import urls as staff_urls
from staff.access import CUSTOMER, EVERYONE, OFFICER, SUPERVISOR, open_to
from staff.demo import Cast
from staff.models import Post


@open_to(OFFICER, SUPERVISOR)
def desk(request):
    return HttpResponse("desk")


@open_to(EVERYONE)
def start(request):
    return HttpResponse("start")


@open_to(CUSTOMER)
class Mine(View):
    def get(self, request):
        return HttpResponse("mine")

    post = get


@open_to(OFFICER)
class RestClass(APIView):
    def get(self, request):
        return Response({"who": request.user.username})


@open_to(EVERYONE)
class OpenRest(APIView):
    def get(self, request):
        return Response({})


@open_to(OFFICER)
@api_view(["GET"])
def rest_function(request):
    return Response({})


urlpatterns = [
    path("desk/", desk),
    path("start/", start),
    path("mine/", Mine.as_view()),
    path("rest/", RestClass.as_view()),
    path("open-rest/", OpenRest.as_view()),
    path("rest-function/", rest_function),
]


@pytest.fixture
def pages(settings):
    """The views above beside the staff app's own addresses."""
    module = ModuleType("pages_of_this_test")
    module.urlpatterns = [*urlpatterns, path("", include(staff_urls))]
    settings.ROOT_URLCONF = module
    clear_url_caches()
    yield
    clear_url_caches()


JSON = {"headers": {"accept": "application/json"}}


def test_whoever_is_not_signed_in_is_led_to_sign_in_and_back(pages, client: Client, db) -> None:
    answer = client.get("/desk/?view=mine&page=2")
    assert answer.status_code == 302
    assert answer["Location"] == "/signin/?next=%2Fdesk%2F%3Fview%3Dmine%26page%3D2"


def test_a_post_is_not_repeated_after_sign_in(pages, client: Client, db) -> None:
    assert client.post("/mine/")["Location"] == "/signin/"


def test_a_fragment_sends_the_whole_page_to_sign_in(pages, client: Client, db) -> None:
    answer = client.get("/desk/", headers={"hx-request": "true"})
    assert answer["HX-Redirect"] == "/signin/"


@pytest.mark.parametrize("address", ["/desk/", "/rest/", "/rest-function/"])
def test_json_gets_401(pages, client: Client, db, address: str) -> None:
    answer = client.get(address, **JSON)
    assert answer.status_code == 401
    assert answer.json()["detail"]


@pytest.mark.parametrize("address", ["/mine/"])
def test_others_find_nothing_there(pages, cast: Cast, sign_in, address: str) -> None:
    assert sign_in(cast["wangmin"]).get(address).status_code == 404


@pytest.mark.parametrize("address", ["/desk/", "/rest/", "/rest-function/"])
def test_a_customer_finds_nothing_among_the_officers_pages(pages, cast: Cast, sign_in, address: str) -> None:
    assert sign_in(cast["zhanghaitang"]).get(address).status_code == 404


@pytest.mark.parametrize("address", ["/desk/", "/rest/", "/rest-function/", "/start/", "/open-rest/"])
def test_its_audience_gets_in(pages, cast: Cast, sign_in, address: str) -> None:
    assert sign_in(cast["wangmin"]).get(address).status_code == 200


def test_what_is_open_to_all_needs_no_sign_in(pages, client: Client, db) -> None:
    assert client.get("/start/").status_code == 200
    assert client.get("/open-rest/", **JSON).status_code == 200


def test_pages_behind_sign_in_are_not_stored(pages, cast: Cast, sign_in) -> None:
    client = sign_in(cast["wangmin"])
    assert "no-store" in client.get("/desk/")["Cache-Control"]
    assert "Cache-Control" not in client.get("/start/")


def test_a_disabled_user_is_out_at_the_next_request(pages, cast: Cast, sign_in) -> None:
    client = sign_in(cast["wangmin"])
    assert client.get("/desk/").status_code == 200
    cast["wangmin"].is_active = False
    cast["wangmin"].save()
    assert client.get("/desk/").status_code == 302


def test_an_ended_post_closes_the_officers_pages_at_the_next_request(
    pages, cast: Cast, sign_in, clock
) -> None:
    client = sign_in(cast["wangmin"])
    Post.objects.filter(user=cast["wangmin"]).update(to_date=clock.moment.date())
    assert client.get("/desk/").status_code == 200
    clock.move(hours=15)
    assert client.get("/desk/").status_code in {302, 404}


def test_every_address_of_this_app_says_whom_it_is_open_to(db) -> None:
    arguments = {"user_id": "01234567-89ab-7def-8123-456789abcdef", "row_id": 1, "absence_id": 1}
    for pattern in staff_urls.urlpatterns:
        wanted = {name: arguments[name] for name in pattern.pattern.converters}
        view = resolve(reverse(f"staff:{pattern.name}", kwargs=wanted)).func
        assert view.audiences, pattern.name


def test_opening_to_nobody_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at least one"):
        open_to()
