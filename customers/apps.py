from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    """Knows facts, and what follows from facts: metrics and risk."""

    name = "customers"
    verbose_name = _("Customers")

    def ready(self) -> None:
        """Let higher apps register their filters and kinds of files, and listen to deeds."""
        autodiscover_modules("filters", "importing", "listening")
