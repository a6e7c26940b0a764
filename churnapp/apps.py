from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChurnappConfig(AppConfig):
    name = "churnapp"
    verbose_name = _("Organisation and people")
