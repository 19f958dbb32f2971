"""The settings of usage, and of how long data is kept."""

from datetime import timedelta
from typing import Literal

from pydantic_settings import BaseSettings

from flagstaff.setting_field import setting
from store.usage.retention import Retention


class RetentionSettings(BaseSettings):
    """The settings of usage and retention: which data is stored, and for how long."""

    metrics: Literal["on", "off"] = setting(
        "on",
        "With `off`, the server answers registrations and usage reports of SDKs 204 and "
        "stores none of them.",
        "FLAGSTAFF_METRICS",
    )
    keep_events_days: int = setting(
        0,
        "How long to keep events of the audit log, in days; `0` keeps them forever. The newest "
        "event of each toggle is always kept.",
        "FLAGSTAFF_KEEP_EVENTS_DAYS",
        ge=0,
        le=36_500,
    )
    keep_change_sets_days: int = setting(
        0,
        "How long to keep change sets, in days; `0` keeps them forever. A change set can be "
        "undone while it is kept.",
        "FLAGSTAFF_KEEP_CHANGE_SETS_DAYS",
        ge=0,
        le=36_500,
    )
    keep_instances_days: int = setting(
        7,
        "How long to keep an instance after it was last seen, in days.",
        "FLAGSTAFF_KEEP_INSTANCES_DAYS",
        ge=1,
        le=36_500,
    )
    keep_unknown_names_days: int = setting(
        30,
        "How long to keep the name of an unknown toggle after its last report, in days.",
        "FLAGSTAFF_KEEP_UNKNOWN_NAMES_DAYS",
        ge=1,
        le=36_500,
    )
    keep_hours_days: int = setting(
        90,
        "How long to keep hourly counts, in days.",
        "FLAGSTAFF_KEEP_HOURS_DAYS",
        ge=2,
        le=36_500,
    )
    keep_days_days: int = setting(
        730,
        "How long to keep daily counts, in days.",
        "FLAGSTAFF_KEEP_DAYS_DAYS",
        ge=2,
        le=36_500,
    )
    keep_applications_days: int = setting(
        90,
        "How long to keep an application without instances after it was last seen, in days; "
        "`0` keeps it forever.",
        "FLAGSTAFF_KEEP_APPLICATIONS_DAYS",
        ge=0,
        le=36_500,
    )

    @property
    def retention(self) -> Retention:
        """The retention periods for the store."""
        return Retention(
            applications=_days(self.keep_applications_days),
            instances=timedelta(days=self.keep_instances_days),
            unknown_names=timedelta(days=self.keep_unknown_names_days),
            hours=timedelta(days=self.keep_hours_days),
            days=timedelta(days=self.keep_days_days),
            events=_days(self.keep_events_days),
            change_sets=_days(self.keep_change_sets_days),
        )


def _days(days: int) -> timedelta | None:
    """Return a number of days as a period; 0 means forever and becomes None."""
    return timedelta(days=days) if days else None
