"""The tests' own database: honest roles, marked, and clean after each test."""

import pytest
from django.contrib.sessions.models import Session
from django.db import ProgrammingError, connection
from django.utils import timezone


def _one(query):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_tests_run_as_the_applications_role():
    assert _one("SELECT current_user") == "tongdian_app"
    assert (
        _one("SELECT count(*) FROM pg_tables WHERE tableowner <> 'tongdian_owner' AND schemaname = 'public'")
        == 0
    )


@pytest.mark.django_db
def test_the_applications_role_makes_no_tables():
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE mine (id int)")


@pytest.mark.django_db
def test_the_database_is_marked_as_a_test():
    assert _one("SELECT kind FROM workflow_deployment") == "test"


@pytest.mark.django_db(transaction=True)
def test_a_new_clone_knows_nothing_of_the_old_one(clones):
    Session.objects.create(session_key="left", session_data="", expire_date=timezone.now())
    assert Session.objects.exists()
    clones.renew()
    assert not Session.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_another_process_sees_the_same_database(process_environment):
    assert process_environment["DATABASE_URL"].rpartition("/")[2] == _one("SELECT current_database()")
