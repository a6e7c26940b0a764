from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    """Acts on what is known: segments, offers and campaigns."""

    name = "campaigns"
    verbose_name = _("Campaigns")
