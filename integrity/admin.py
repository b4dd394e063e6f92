"""Administration of the list of causes. Rules are decided and flags reviewed on their own pages; here they are not even shown."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin

from integrity.models import Cause


@admin.register(Cause)
class CauseAdmin(SimpleHistoryAdmin):
    """Causes end by being switched off: explanations refer to them."""

    list_display = ["code", "name_zh", "name_en", "needs_words", "in_force", "order"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["code"] if obj else []
