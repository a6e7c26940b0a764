from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ChurnappConfig(AppConfig):
    name = "churnapp"
    verbose_name = _("Organisation and people")

    def ready(self) -> None:
        """Let each app declare what it keeps of people."""
        autodiscover_modules("personal")
