"""Words of Django that its own catalogues lack in one of our languages: ours come first."""

from django.utils.translation import gettext_lazy as _

WORDS = (_("- Select an option -"),)
