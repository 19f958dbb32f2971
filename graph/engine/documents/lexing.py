"""Count the tokens of a document, and refuse tokens that the database or Python cannot handle."""

import re

from graphql import DocumentNode, GraphQLSyntaxError, Token, TokenKind

MAX_DIGITS = 100
# Names are limited to this length, because errors contain names, and answers repeat aliases for
# each list item.
MAX_NAME_CHARACTERS = 200

_LONG_NUMBER = re.compile(rf"[0-9]{{{MAX_DIGITS + 1}}}")
_LONG_NAME = re.compile(rf"\w{{{MAX_NAME_CHARACTERS + 1}}}", re.ASCII)

# Matches tokens and comments of GraphQL. Comments are not counted.
_TOKEN = re.compile(
    r'(?P<comment>\#[^\n\r]*)|"""(?:\\"""|(?!""").)*"""|"(?:\\.|[^"\\\n\r])*"'
    r"|[_A-Za-z][_0-9A-Za-z]*|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|\.\.\.|[^\s,\ufeff]",
    re.DOTALL | re.VERBOSE,
)


def count_tokens(source: str) -> int:
    """Count the tokens of a document with a regular expression, which is faster than lexing."""
    return sum(match.lastgroup is None for match in _TOKEN.finditer(source))


def refuse_unreadable(tree: DocumentNode) -> None:
    """Check the tokens of a document.

    Raises: GraphQLSyntaxError: a number is too long for Python to parse, a name has more than 200
        characters, or a string contains a NUL, which PostgreSQL cannot store.
    """
    if tree.loc is None:
        return
    source = tree.loc.source.body
    if "\\u" not in source and not _LONG_NUMBER.search(source) and not _LONG_NAME.search(source):
        return
    token: Token | None = tree.loc.start_token
    while token is not None:
        problem = _problem(token.kind, token.value or "")
        if problem:
            raise GraphQLSyntaxError(tree.loc.source, token.start, problem)
        token = token.next


def unlink_tokens(tree: DocumentNode) -> None:
    """Unlink the tokens of a document from each other; nodes retain their first and last tokens.

    A linked token would keep all tokens of the document in memory. The links also form reference
    cycles, which only garbage collection frees.
    """
    token = None if tree.loc is None else tree.loc.start_token
    while token is not None:
        following = token.next
        token.prev = token.next = None
        token = following


def _problem(kind: TokenKind, value: str) -> str | None:
    if kind is TokenKind.STRING and "\0" in value:
        return "A string must not contain the character NUL."
    if kind is TokenKind.INT and _LONG_NUMBER.search(value):
        return f"A number must not have more than {MAX_DIGITS} digits."
    if kind is TokenKind.NAME and len(value) > MAX_NAME_CHARACTERS:
        return f"A name must not have more than {MAX_NAME_CHARACTERS} characters."
    return None
