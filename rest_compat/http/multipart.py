"""Extract an uploaded file from a form (multipart/form-data, RFC 7578)."""

from msgspec import Struct
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from rest_compat.http.errors import BadDataError

MAX_PARTS = 100
MAX_HEADERS = 16
MAX_HEADER_BYTES = 8_192


class UploadedFile(Struct, frozen=True):
    """An uploaded file. Use only the extension of its name, because the client chooses the name."""

    name: str
    content: bytes


def file_of(body: bytes, content_type: str, *, field: str) -> UploadedFile:
    """Return the file in a field of a form. Other fields are ignored.

    Call this function in a thread for large bodies, because parsing takes long.

    Raises: BadDataError: the form is malformed or incomplete, it has too many parts or headers, or
        the field does not contain exactly one file.
    """
    try:
        _, options = parse_options_header(content_type)
        boundary = options.get(b"boundary", b"")
        if not boundary:
            raise BadDataError("The content type must have a boundary.")
        form = _Form(field.encode())
        form.read(body, boundary)
    except (FormParserError, ValueError) as error:
        raise BadDataError(f"The body is not a multipart form: {error}.") from None
    if not form.complete:
        raise BadDataError("The form ends before its last boundary.")
    if len(form.files) != 1:
        raise BadDataError(f"The field '{field}' must have one file, not {len(form.files)}.")
    return form.files[0]


class _Form:
    """Collects the files in one field."""

    def __init__(self, field: bytes) -> None:
        self.files: list[UploadedFile] = []
        self.complete = False
        self._field = field
        self._parts = 0
        self._header: list[bytes] = []
        self._value: list[bytes] = []
        self._disposition = b""
        self._name: bytes | None = None
        self._content: list[bytes] = []

    def read(self, body: bytes, boundary: bytes) -> None:
        """Parse a body and collect its files.

        Raises: FormParserError, ValueError.
        """
        parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": lambda data, start, end: self._header.append(data[start:end]),
                "on_header_value": lambda data, start, end: self._value.append(data[start:end]),
                "on_header_end": self._end_header,
                "on_headers_finished": self._open,
                "on_part_data": self._add,
                "on_part_end": self._close,
                "on_end": self._end,
            },
            max_header_count=MAX_HEADERS,
            max_header_size=MAX_HEADER_BYTES,
        )
        parser.write(body)

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise ValueError(f"it has more than {MAX_PARTS} parts")
        self._disposition, self._name, self._content = b"", None, []

    def _end_header(self) -> None:
        if b"".join(self._header).lower() == b"content-disposition":
            self._disposition = b"".join(self._value)
        self._header, self._value = [], []

    def _open(self) -> None:
        _, options = parse_options_header(self._disposition)
        if options.get(b"name") == self._field:
            self._name = options.get(b"filename", b"")

    def _add(self, data: bytes, start: int, end: int) -> None:
        if self._name is not None:
            self._content.append(data[start:end])

    def _close(self) -> None:
        if self._name is not None:
            name = self._name.decode(errors="replace")
            self.files.append(UploadedFile(name, b"".join(self._content)))

    def _end(self) -> None:
        self.complete = True
