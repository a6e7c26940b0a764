"""Facts: who pays what since when, who left and why, what was said and used."""

from customers.models.cancellation import (
    Cancellation,
    CancellationReason,
    ReasonCategory,
    ReasonKind,
    ReasonVersion,
)
from customers.models.catalogue import Feature, Plan
from customers.models.checks import CheckRun
from customers.models.competitor import Competitor, CompetitorName, CompetitorOffer
from customers.models.complaint import Complaint
from customers.models.customer import Contact, Customer, Standing
from customers.models.imports import ColumnMapping, Import, RefusedRow, RowBefore
from customers.models.interaction import Interaction
from customers.models.mail import (
    MailBatch,
    MailEvent,
    MailPurpose,
    OutgoingEmail,
    Pausable,
    SendingRate,
    Suppression,
)
from customers.models.mention import Mention
from customers.models.money import FxRate, Payment, Spend
from customers.models.privacy import Consent, Erasure, RetentionPeriod
from customers.models.reason_view import ReasonView
from customers.models.risk import RiskFlag, RiskRule
from customers.models.segment import Segment, SegmentMember
from customers.models.subscription import Subscription, Term
from customers.models.succession import BulkHandover, CustomerAlias, Handover
from customers.models.task import SavedView, Task
from customers.models.usage import Usage
from customers.models.wishes import MailWishes, Topic, TopicWish

__all__ = [
    "BulkHandover",
    "Cancellation",
    "CancellationReason",
    "CheckRun",
    "ColumnMapping",
    "Competitor",
    "CompetitorName",
    "CompetitorOffer",
    "Complaint",
    "Consent",
    "Contact",
    "Customer",
    "CustomerAlias",
    "Erasure",
    "Feature",
    "FxRate",
    "Handover",
    "Import",
    "Interaction",
    "MailBatch",
    "MailEvent",
    "MailPurpose",
    "MailWishes",
    "Mention",
    "OutgoingEmail",
    "Pausable",
    "Payment",
    "Plan",
    "ReasonCategory",
    "ReasonKind",
    "ReasonVersion",
    "ReasonView",
    "RefusedRow",
    "RetentionPeriod",
    "RiskFlag",
    "RiskRule",
    "RowBefore",
    "SavedView",
    "Segment",
    "SegmentMember",
    "SendingRate",
    "Spend",
    "Standing",
    "Subscription",
    "Suppression",
    "Task",
    "Term",
    "Topic",
    "TopicWish",
    "Usage",
]
