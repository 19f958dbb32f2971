"""Valid texts are read as documents, and invalid texts are refused."""

import pytest

from store.errors import Refusal
from store.transfer.reading import MAX_BYTES, parse_content
from store.transfer.writing import StateFormat
from tests.store.operations.doing import summed_up
from tests.store.transfer.documents import document_of

JSON = '{"format": "flagstaff", "version": 1, "toggles": [{"name": "a"}]}'
YAML = "format: flagstaff\nversion: 1\ntoggles:\n- name: a\n"


@pytest.mark.parametrize("text", [JSON, f"\n  {JSON}", JSON.encode(), YAML, f"---\n{YAML}"])
def test_json_and_yaml_are_reported_apart_by_what_they_hold(text: str | bytes):
    assert [toggle.name for toggle in document_of(parse_content(text)).toggles] == ["a"]


def test_the_last_of_equal_keys_counts_in_json():
    assert parse_content('{"a": 1, "a": 2}') == {"a": 2}


def test_yaml_may_be_json_with_surrogate_pairs_or_flow_style():
    pair = '{"a": "\\ud83d\\ude00"}'

    assert parse_content(pair, format=StateFormat.YAML) == {"a": "😀"}
    assert parse_content("{a: b}", format=StateFormat.YAML) == {"a": "b"}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "document-type"),
        ("   \n", "document-type"),
        ("just words", "document-type"),
        ("[1, 2]", "document-type"),
        ("{", "document-syntax"),
        (f"{JSON} x", "document-syntax"),
        ("{format: flagstaff}", "document-syntax"),
        ('{"a": NaN}', "document-syntax"),
        ('{"a": 1e400}', "document-syntax"),
        ('{"a": "\\ud800"}', "document-syntax"),
        ("[" * 100_000, "document-syntax"),
        ("a: *b", "document-syntax"),
        ("a: !!str b", "document-syntax"),
        ("a: [b", "document-syntax"),
        ("\ufeff" + JSON, "document-encoding"),
        (JSON.encode("utf-16"), "document-encoding"),
        (JSON.encode("utf-16-le"), "document-encoding"),
        (b'{"a": "\xff"}', "document-encoding"),
        (b"PK\x03\x04\x14\x00\x06\x00", "document-encoding"),
        (b"\x1f\x8b\x08\x00\xff", "document-encoding"),
        ("a: \ud800", "document-encoding"),
        ("a: \0", "document-encoding"),
        (" " * (MAX_BYTES + 1), "document-size"),
        ("ä" * (MAX_BYTES // 2 + 1), "document-size"),
        (b" " * (MAX_BYTES + 1), "document-size"),
    ],
)
def test_what_is_no_document_is_refused(text: str | bytes, rule: str):
    with pytest.raises(Refusal) as caught:
        document_of(parse_content(text))

    assert summed_up([*caught.value.errors]) == [(rule, ("source",))]


@pytest.mark.parametrize(
    "text",
    [
        '{"format": "flagstaff", "version": 1, "toggles": [{"name": 1}]}',
        "format: flagstaff\nversion: 1\ntoggles:\n- name: 1e3\n",
        "format: flagstaff\nversion: 1\ntoggles:\n- name: no\n",
        "format: flagstaff\nversion: 1\ntoggles:\n- name:\n",
    ],
)
def test_a_name_is_a_text(text: str):
    with pytest.raises(Refusal) as caught:
        document_of(parse_content(text))

    (error,) = caught.value.errors
    assert error.path == ("source", "toggles", "0", "name")
