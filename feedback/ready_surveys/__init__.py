"""Ready surveys, complete in four languages: a start that an organisation makes its own."""

from typing import Any

from feedback.models import SurveyKind
from feedback.ready_surveys import ces, csat, exit_survey, nps, product

READY: dict[str, dict[str, Any]] = {
    SurveyKind.EXIT: exit_survey.DOCUMENT,
    SurveyKind.NPS: nps.DOCUMENT,
    SurveyKind.CSAT: csat.DOCUMENT,
    SurveyKind.CES: ces.DOCUMENT,
    SurveyKind.PRODUCT: product.DOCUMENT,
}
