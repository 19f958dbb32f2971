"""Finding the file in a form, and refusing invalid forms."""

import pytest

from rest_compat.http.errors import BadDataError
from rest_compat.http.multipart import MAX_PARTS, UploadedFile, file_of

FORM = "multipart/form-data; boundary=xyz"


def part(content: bytes, disposition: str, *more: str) -> bytes:
    """One part of a form, after a boundary."""
    head = "\r\n".join([f"Content-Disposition: {disposition}", *more])
    return b"--xyz\r\n" + head.encode() + b"\r\n\r\n" + content + b"\r\n"


def file_part(content: bytes, name: str = "a.json") -> bytes:
    return part(content, f'form-data; name="file"; filename="{name}"', "Content-Type: text/plain")


END = b"--xyz--\r\n"


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"a\r\n--xy\r\n-- b", b"\r\n\r\n", bytes(range(256))]
)
def test_the_content_of_a_file_is_what_stands_between_boundaries(content: bytes) -> None:
    assert file_of(file_part(content) + END, FORM, field="file") == UploadedFile("a.json", content)


def test_other_fields_are_passed_over() -> None:
    body = (
        part(b"1", 'form-data; name="drop"')
        + part(b"x", 'form-data; name="other"; filename="b.yml"')
        + file_part(b"{}", "c.yml")
    )

    assert file_of(body + END, FORM, field="file") == UploadedFile("c.yml", b"{}")


@pytest.mark.parametrize(
    "content_type",
    [
        'multipart/form-data; boundary="xyz"',
        "Multipart/Form-Data;boundary=xyz;charset=utf-8",
    ],
)
def test_the_boundary_may_be_written_in_several_ways(content_type: str) -> None:
    assert file_of(file_part(b"{}") + END, content_type, field="file").content == b"{}"


@pytest.mark.parametrize("name", ["../../x.yml", "C:\\x.yml", "ä.yml", 'a\\"b.yml', "%0d%0a.yml"])
def test_the_name_of_a_file_is_any_text(name: str) -> None:
    assert file_of(file_part(b"{}", name) + END, FORM, field="file").name.endswith(".yml")


@pytest.mark.parametrize(
    "content_type",
    ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary", ";"],
)
def test_a_form_without_a_boundary_is_refused(content_type: str) -> None:
    with pytest.raises(BadDataError, match="boundary"):
        file_of(file_part(b"{}") + END, content_type, field="file")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--xyz",
        b"--xyz\r\n",
        b"--abc\r\n\r\n",
        b"{}",
        file_part(b"{}"),
        file_part(b"{}") + b"--xyz",
        file_part(b"{}") + b"--xyz-",
        file_part(b"{}") + b"--xyz\r\n",
        b"preamble" * 1_000 + file_part(b"{}") + END,
        b"\r\n-" * 500_000,
        b"--xyz\r\nContent-Disposition form-data\r\n\r\n{}\r\n--xyz--",
        b"--xyz\r\n: form-data\r\n\r\n{}\r\n--xyz--",
        b"--xyz\r\nContent-Disposition: " + b"x" * 1_000_000 + b"\r\n\r\n{}\r\n--xyz--",
        b"--xyz\r\n" + b"A: b\r\n" * 1_000 + b"\r\n{}\r\n--xyz--",
        part(b"x", 'form-data; name="a"') * MAX_PARTS + file_part(b"{}") + END,
    ],
)
def test_what_is_no_whole_form_is_refused(body: bytes) -> None:
    with pytest.raises(BadDataError):
        file_of(body, FORM, field="file")


def test_a_form_has_as_many_parts_as_allowed() -> None:
    body = part(b"x", 'form-data; name="a"') * (MAX_PARTS - 1) + file_part(b"{}") + END

    assert file_of(body, FORM, field="file").content == b"{}"


@pytest.mark.parametrize(
    ("body", "files"),
    [
        (END, 0),
        (part(b"{}", 'form-data; name="other"; filename="a.json"') + END, 0),
        (part(b"{}", "form-data") + END, 0),
        (part(b"{}", "") + END, 0),
        (file_part(b"{}") * 2 + END, 2),
    ],
)
def test_there_is_one_file_in_the_field(body: bytes, files: int) -> None:
    with pytest.raises(BadDataError, match=f"The field 'file' must have one file, not {files}"):
        file_of(body, FORM, field="file")


def test_a_boundary_that_is_too_long_is_refused() -> None:
    with pytest.raises(BadDataError):
        file_of(b"--x--", f"multipart/form-data; boundary={'x' * 300}", field="file")
