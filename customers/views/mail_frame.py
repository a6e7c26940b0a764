"""A mail as its reader sees it, in a frame that shows it and lets nothing of it act."""

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from customers.views.access import allowed
from customers.views.mail import mail_or_404, without_links

# Mail has its styles in its tags. Nothing else is let in: no script, no form, no picture.
POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
LEADS = re.compile(r"""(<a\b[^>]*?)\s+href\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)""", re.IGNORECASE)


@require_GET
@xframe_options_sameorigin
@allowed("customers.view_outgoingemail")
def mail_frame(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML part of a mail; a 404 for one of text alone."""
    mail = mail_or_404(request, pk)
    if not mail.html:
        raise Http404
    response = HttpResponse(without_links(inert(mail.html)))
    response.headers["Content-Security-Policy"] = POLICY
    return response


def inert(html: str) -> str:
    """The same to look at, with links that lead nowhere and tell no private address."""
    return LEADS.sub(r"\1", html)
