"""Regular expressions as SDKs read them: the syntax of RE2, which matches in linear time."""

import re
import warnings

# The parts of a pattern that RE2 and this interpreter's own dialect treat differently, beside
# whatever keeps those parts from being taken for something else (classes, escaped characters).
_PART = re.compile(
    r"""
      (?P<set>\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\])
    | \\(?P<escape>[pP]\{\^?\w+\}|[pP]\w|x\{[0-9a-fA-F]+\}|.)
    | \(\?(?P<group>P?<\w+>|[imsU-]+[:)]|:|<?[=!]|.)
    | \{(?P<repeat>[0-9]+(?:,[0-9]*)?)\}
    """,
    re.VERBOSE | re.DOTALL,
)
_INSIDE_SET = re.compile(r"\\(?:[pP]\{\^?\w+\}|[pP]\w|x\{[0-9a-fA-F]+\})|\[:\^?\w+:\]")
_MOST_REPEATS = 1_000


class PatternError(ValueError):
    """Why a text is no regular expression; the message goes on after "The regular expression …"."""


def check_pattern(pattern: str) -> None:
    """Make sure that SDKs can read a regular expression.

    It is brought into the dialect of this interpreter, with stand-ins for what has no counterpart,
    and compiled; it is never matched against anything.

    Raises: PatternError.
    """
    translated = _PART.sub(_translated, pattern)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(translated)
    except re.error as error:
        raise PatternError(f"cannot be read: {error.msg}") from error
    except (RecursionError, OverflowError) as error:
        raise PatternError("is nested too deeply") from error


def _translated(part: re.Match[str]) -> str:
    kind, text = part.lastgroup, part.group()
    content = part.group(kind) if kind else ""
    match kind:
        case "set":
            return _INSIDE_SET.sub("a", text)
        case "escape":
            return _translated_escape(content, text)
        case "group":
            return _translated_group(content, text)
        case _:
            if any(int(count) > _MOST_REPEATS for count in content.split(",") if count):
                raise PatternError(f"repeats something more than {_MOST_REPEATS:,} times")
            return text


def _translated_escape(content: str, text: str) -> str:
    if content in "123456789" or content == "k":
        raise PatternError("refers back to a group, which SDKs do not support")
    if content == "z":
        return r"\Z"
    return "a" if len(content) > 1 or content in "pP" else text


def _translated_group(content: str, text: str) -> str:
    if content in ("=", "!", "<=", "<!"):
        raise PatternError("looks around, which SDKs do not support")
    if content.endswith(":"):
        return "(?:"
    if content.endswith(">") and len(content) > 1:
        return f"(?P<{content.removeprefix('P').strip('<>')}>"
    if content.endswith(")") and len(content) > 1:
        return ""
    raise PatternError(f"holds '{text}', which SDKs do not support")
