"""The publicity app: channels, papers, process and disclosure for everyone; notices to customers."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from staff import navigation


class PublicityConfig(AppConfig):
    """Pages under /guide/ and the sentences sent at milestones."""

    name = "publicity"

    def ready(self) -> None:
        """Offer the guide in the customers' bar."""
        navigation.offer(navigation.Entry(_("Ways to apply"), "guide", "customer", order=30))
