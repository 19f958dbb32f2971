"""The bodies of errors."""

from rest_compat.http.errors import FilterError


def test_the_path_of_an_invalid_filter_is_a_list_with_indexes() -> None:
    (violation,) = FilterError.sample().body().details

    assert violation.path == ["tag", 0]
