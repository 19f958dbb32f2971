"""The names that each application has reported."""

from datetime import timedelta

from store import Store
from store.usage.reports import ToggleCounts
from store.usage.seen import names_reported
from tests.store.usage.reporting import NOW, registration_report, usage_report


async def test_names_come_by_application_first_reported_first(store: Store) -> None:
    once = ToggleCounts(1)
    later = NOW + timedelta(minutes=1)
    await store.journal.add(
        usage_report({"z": once, "m": once}),
        usage_report({"a": once, "z": once}, received_at=later),
        usage_report({"m": once}, environment="staging"),
        usage_report({"z": once}, app_name="blog"),
        registration_report(app_name="silent"),
    )
    await store.aggregate_now()

    async with store.read() as session:
        names = await names_reported(session)
        of_blog = await names_reported(session, application="blog")

    assert names == {"shop": ["m", "z", "a"], "blog": ["z"]}
    assert of_blog == {"blog": ["z"]}
