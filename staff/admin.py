"""Administration of offices, accounts and the vocabulary. What has a history is shown here and changed on its page."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.password_validation import validate_password
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from staff.access import EVERYONE, open_to, sign_in_url
from staff.models import Absence, Certificate, Competence, Office, Post, User

admin.site.site_header = _("Tongdian administration")
admin.site.site_title = _("Tongdian")


@open_to(EVERYONE)
def admin_login(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    """The one sign-in page, with its limits; whoever is in but no administrator finds nothing here."""
    if request.user.is_authenticated:
        raise Http404
    return redirect(sign_in_url(request.GET.get("next", "")))


admin.site.login = admin_login  # type: ignore[method-assign]


class KeptAdmin(admin.ModelAdmin):
    """Rows that are never deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ShownAdmin(KeptAdmin):
    """Rows that are shown only: a service behind a page writes them, with an author."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Office)
class OfficeAdmin(KeptAdmin):
    """The tree of offices."""

    list_display = ["code", "name_zh", "name_en", "kind", "parent", "is_catch_all"]
    list_filter = ["kind"]
    search_fields = ["code", "name_zh", "name_en"]


@admin.register(Competence)
class CompetenceAdmin(KeptAdmin):
    """The vocabulary; a code is what routes refer to and stays once made."""

    list_display = ["position", "code", "name_zh", "name_en", "needed_at"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["code"] if obj else []


class NewOfficerForm(forms.ModelForm):
    """An officer's account; posts are opened on the person's page."""

    password = forms.CharField(
        label=_("First password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("The officer changes it after the first sign-in, under “About me”."),
    )

    class Meta:
        model = User
        fields = ["username", "display_name", "is_staff"]

    def clean_password(self) -> str:
        validate_password(self.cleaned_data["password"])
        return str(self.cleaned_data["password"])

    def save(self, commit: bool = True) -> User:
        self.instance.kind = User.Kind.OFFICER
        self.instance.set_password(self.cleaned_data["password"])
        return super().save(commit)


@admin.register(User)
class UserAdmin(KeptAdmin, DjangoUserAdmin):
    """Accounts of officers and services. Customers are not listed: nobody here needs to browse them."""

    add_form = NewOfficerForm
    list_display = ["username", "display_name", "kind", "is_active", "is_staff"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["username"]
    ordering = ["username"]
    filter_horizontal = []
    fieldsets = [(None, {"fields": ["username", "display_name", "password", "is_active", "is_staff"]})]
    add_fieldsets = [(None, {"fields": ["username", "display_name", "password", "is_staff"]})]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).exclude(kind=User.Kind.CUSTOMER)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["username"] if obj else []


@admin.register(Post)
class PostAdmin(ShownAdmin):
    """Posts of the past and present."""

    list_display = ["user", "role", "office", "from_date", "to_date"]
    list_filter = ["role", "office"]
    list_select_related = ["user", "office"]


@admin.register(Certificate)
class CertificateAdmin(ShownAdmin):
    """Certificates, revoked ones included."""

    list_display = ["number", "holder", "competence", "issued_date", "valid_until", "revoked_at"]
    list_filter = ["competence"]
    search_fields = ["number"]
    list_select_related = ["holder", "competence"]


@admin.register(Absence)
class AbsenceAdmin(ShownAdmin):
    """Who is or was away."""

    list_display = ["user", "from_date", "to_date", "withdrawn_at"]
    list_select_related = ["user"]
