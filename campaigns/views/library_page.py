"""One content of the library: what it says in each language, where it is used, to whom it went."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from campaigns.content_names import PARTS
from campaigns.models import Content, ContentSent
from campaigns.models.offer import SOURCE_LANGUAGE
from campaigns.views.library_list import VIEW, rows_of
from customers.views.access import allowed, visible_customers

MOST_SENT = 20


def content_or_404(pk: int) -> Content:
    together = Content.objects.select_related("owner", "created_by", "changed_by")
    return get_object_or_404(together.prefetch_related("features", "plans"), pk=pk)


@require_GET
@allowed(VIEW)
def content(request: HttpRequest, pk: int) -> HttpResponse:
    """`?lang=sv` shows it as somebody who reads Swedish sees it."""
    found = content_or_404(pk)
    (row,) = rows_of([found])
    asked = request.GET.get("lang") or get_language() or ""
    language = asked if asked in dict(settings.LANGUAGES) else SOURCE_LANGUAGE
    went = ContentSent.objects.filter(content=found, customer__in=visible_customers(request))
    sent = list(
        went.select_related("customer", "contact", "by", "mail", "recipient__campaign")[
            : MOST_SENT + 1
        ]
    )
    context = {
        "content": found,
        "row": row,
        "language": language,
        "shown": {part: found.text(part, language) for part in ("title", "summary", "address")},
        "is_fallback": found.lacks(language),
        "languages": [(code, name, found.lacks(code)) for code, name in settings.LANGUAGES],
        "sent": sent[:MOST_SENT],
        "more": len(sent) > MOST_SENT,
        "placeholders": [f"{{{{ content.{found.key}.{part} }}}}" for part in PARTS],
    }
    return render(request, "campaigns/content.html", context)
