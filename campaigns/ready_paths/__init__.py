"""Ready paths, complete in four languages: a start for each kind that people make their own."""

from typing import Any

from campaigns.models import CampaignKind
from campaigns.ready_paths import (
    check_in,
    fixed,
    loyalty,
    news,
    onboarding,
    referral,
    renewal,
    retention,
    win_back,
)

READY: dict[str, dict[str, Any]] = {
    CampaignKind.WIN_BACK: win_back.DOCUMENT,
    CampaignKind.RETENTION: retention.DOCUMENT,
    CampaignKind.RENEWAL: renewal.DOCUMENT,
    CampaignKind.ONBOARDING: onboarding.DOCUMENT,
    CampaignKind.NEWS: news.DOCUMENT,
    CampaignKind.LOYALTY: loyalty.DOCUMENT,
    CampaignKind.REFERRAL: referral.DOCUMENT,
    CampaignKind.CHECK_IN: check_in.DOCUMENT,
}
# What tells of a fix: to those who left over it, and to those who stay and complained of it.
OF_A_FIX: dict[str, dict[str, Any]] = {
    CampaignKind.WIN_BACK: fixed.LEFT,
    CampaignKind.NEWS: fixed.HEARD,
}
