"""Windows over a sorted list."""

from hypothesis import given, settings
from hypothesis import strategies as st

from store.paging import Window, page_of_list


def key(item: int) -> tuple[int]:
    return (item,)


@settings(max_examples=50)
@given(
    items=st.lists(st.integers(0, 50), unique=True).map(sorted),
    limit=st.integers(1, 10),
    from_end=st.booleans(),
)
def test_pages_put_together_are_the_whole_list(items: list[int], limit: int, from_end: bool):
    seen: list[int] = []
    bound = None
    for _ in range(len(items) + 1):
        window = (
            Window(limit, before=bound, from_end=True) if from_end else Window(limit, after=bound)
        )
        page = page_of_list(items, key, window)
        seen = [*page.items, *seen] if from_end else [*seen, *page.items]
        if not (page.has_previous if from_end else page.has_next):
            break
        bound = key(page.items[0] if from_end else page.items[-1])

    assert seen == items


def test_a_cursor_of_an_item_that_is_gone_still_marks_its_position():
    page = page_of_list([1, 3, 5], key, Window(1, after=(2,)))

    assert list(page.items) == [3]
    assert page.has_previous
    assert page.has_next


def test_a_window_between_crossed_cursors_is_empty():
    page = page_of_list([1, 2, 3], key, Window(5, after=(2,), before=(1,)))

    assert list(page.items) == []
