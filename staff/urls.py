"""Signing in, oneself, and the register of people."""

from django.urls import path

from staff.views import me, people, person, prefs, signin

app_name = "staff"
urlpatterns = [
    path("signin/", signin.signin, name="signin"),
    path("signin/officer/", signin.signin_officer, name="signin_officer"),
    path("signin/phone/", signin.signin_phone, name="signin_phone"),
    path("signin/code/", signin.signin_code, name="signin_code"),
    path("signin/demo/", signin.signin_demo, name="signin_demo"),
    path("signout/", signin.signout, name="signout"),
    path("prefs/large/", prefs.large, name="prefs_large"),
    path("prefs/language/", prefs.language, name="prefs_language"),
    path("me/", me.me, name="me"),
    path("me/password/", me.password, name="me_password"),
    path("me/absence/", me.absence, name="me_absence"),
    path("me/absence/<int:absence_id>/withdraw/", me.withdraw, name="me_absence_withdraw"),
    path("me/staff-certificates/", people.people, name="staff_certificates"),
    path("people/", people.people, name="people"),
    path("people/<uuid:user_id>/", person.person_page, name="person"),
    path("people/<uuid:user_id>/certificate/", person.grant, name="person_certificate"),
    path("people/<uuid:user_id>/absence/", person.absence, name="person_absence"),
    path("people/<uuid:user_id>/post/", person.post, name="person_post"),
    path("people/<uuid:user_id>/certificates/<int:row_id>/revoke/", person.revoke, name="certificate_revoke"),
    path("people/<uuid:user_id>/absences/<int:row_id>/withdraw/", person.withdraw, name="absence_withdraw"),
    path("people/<uuid:user_id>/posts/<int:row_id>/close/", person.close, name="post_close"),
]
