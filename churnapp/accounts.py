"""How people get in: accounts are made by an administrator, nobody signs up."""

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account import forms
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.translation import gettext as _

log = logging.getLogger(__name__)


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Sign-in without sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class ResetPasswordForm(forms.ResetPasswordForm):
    """Sends the link to a new password; where no mail goes out it says so, the address kept."""

    def save(self, request: HttpRequest, **options: Any) -> str:
        try:
            return str(super().save(request, **options))
        except (OSError, SMTPException):
            log.exception("no mail for a new password could be sent")
        self.add_error(
            None,
            _(
                "The mail server does not answer, so no mail was sent. Try again in some minutes, "
                "or ask an administrator to set a new password for you."
            ),
        )
        page = render(request, "account/password_reset.html", {"form": self}, status=503)
        raise ImmediateHttpResponse(page)
