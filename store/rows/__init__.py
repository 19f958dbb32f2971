"""The database tables. All state in memory can be rebuilt from the tables."""

from store.rows.declaring import Row
from store.rows.imports import ServerImportRow
from store.rows.log import ChangeSetRow, EventRow, ServerStateRow
from store.rows.reference_data import (
    ApiTokenRow,
    ApiTokenUseRow,
    ContextFieldRow,
    EnvironmentRow,
    ProjectRow,
    SegmentRow,
    StrategyRow,
    TagRow,
    TagTypeRow,
    ToggleTypeRow,
)
from store.rows.schedules import ScheduledSubjectRow, ScheduleRow
from store.rows.toggles import (
    ToggleDependencyRow,
    ToggleEnvironmentRow,
    ToggleRow,
    ToggleStrategyRow,
    ToggleStrategySegmentRow,
    ToggleTagRow,
)
from store.rows.usage import (
    ApplicationInstanceRow,
    ApplicationRow,
    MetricBucketRow,
    MetricsJournalRow,
    MetricsReceiptRow,
    NameAllowanceRow,
    RecentCountRow,
    ToggleUsageRow,
    UnknownNameRow,
    UsageStateRow,
    VariantBucketRow,
)
from store.rows.webhooks import WebhookDeliveryRow, WebhookQueueRow, WebhookRow

metadata = Row.metadata

__all__ = [
    "ApiTokenRow",
    "ApiTokenUseRow",
    "ApplicationInstanceRow",
    "ApplicationRow",
    "ChangeSetRow",
    "ContextFieldRow",
    "EnvironmentRow",
    "EventRow",
    "MetricBucketRow",
    "MetricsJournalRow",
    "MetricsReceiptRow",
    "NameAllowanceRow",
    "ProjectRow",
    "RecentCountRow",
    "ScheduleRow",
    "ScheduledSubjectRow",
    "SegmentRow",
    "ServerImportRow",
    "ServerStateRow",
    "StrategyRow",
    "TagRow",
    "TagTypeRow",
    "ToggleDependencyRow",
    "ToggleEnvironmentRow",
    "ToggleRow",
    "ToggleStrategyRow",
    "ToggleStrategySegmentRow",
    "ToggleTagRow",
    "ToggleTypeRow",
    "ToggleUsageRow",
    "UnknownNameRow",
    "UsageStateRow",
    "VariantBucketRow",
    "WebhookDeliveryRow",
    "WebhookQueueRow",
    "WebhookRow",
    "metadata",
]
