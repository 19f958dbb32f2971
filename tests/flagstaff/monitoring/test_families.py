"""The metrics of several processes are shown as those of one process."""

from flagstaff.monitoring.families import Family, FamilySample, growing, merge


def family(name: str, type: str, *samples: tuple[str, dict[str, str], float]) -> Family:
    return Family(name, "Words.", type, [FamilySample(*sample) for sample in samples])


def values(families: list[Family]) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sample.labels.items())): sample.value
        for each in families
        for sample in each.samples
    }


def test_counters_are_summed_with_those_of_processes_that_have_ended() -> None:
    name = "flagstaff_connections"
    total = f"{name}_total"
    first = [family(name, "counter", (total, {}, 3.0)), family("flagstaff_open", "gauge")]
    second = [family(name, "counter", (total, {}, 4.0))]
    ended = merge([growing(second)], growing(first))

    merged = merge([[family(name, "counter", (total, {}, 1.0))]], ended)

    assert values(merged) == {(total, ()): 8.0}
    assert [each.name for each in ended] == [name]


def test_series_that_only_one_process_has_are_kept() -> None:
    name = "flagstaff_http_requests"
    total = f"{name}_total"
    first = [family(name, "counter", (total, {"route": "/a"}, 1.0), (total, {"route": "/b"}, 2.0))]
    second = [family(name, "counter", (total, {"route": "/c"}, 3.0), (total, {"route": "/a"}, 4.0))]

    assert values(merge([first, second])) == {
        (total, (("route", "/a"),)): 5.0,
        (total, (("route", "/b"),)): 2.0,
        (total, (("route", "/c"),)): 3.0,
    }


def test_gauges_show_the_sum_the_worst_or_the_common_value() -> None:
    def gauges(open: float, revision: float, age: float, toggles: float) -> list[Family]:
        return [
            family("flagstaff_open_connections", "gauge", ("flagstaff_open_connections", {}, open)),
            family("flagstaff_revision", "gauge", ("flagstaff_revision", {}, revision)),
            family("flagstaff_snapshot_age_seconds", "gauge", ("age", {}, age)),
            family("flagstaff_objects", "gauge", ("objects", {"kind": "toggle"}, toggles)),
            family("flagstaff_build", "info", ("flagstaff_build_info", {"version": "1"}, 1.0)),
        ]

    merged = values(merge([gauges(3, 7, 0.5, 20), gauges(4, 8, 1.5, 20)]))

    assert merged == {
        ("flagstaff_open_connections", ()): 7,
        ("flagstaff_revision", ()): 7,
        ("age", ()): 1.5,
        ("objects", (("kind", "toggle"),)): 20,
        ("flagstaff_build_info", (("version", "1"),)): 1,
    }
