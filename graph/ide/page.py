"""GraphiQL as one page: a token field, an editor with examples, nothing kept past the session."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from string import Template

# Pinned, and checked by browsers against the digests of what the packages hold.
_ASSETS = {
    "graphiql_css": "https://unpkg.com/graphiql@3.8.3/graphiql.min.css",
    "graphiql_js": "https://unpkg.com/graphiql@3.8.3/graphiql.min.js",
    "react_js": "https://unpkg.com/react@18.2.0/umd/react.production.min.js",
    "react_dom_js": "https://unpkg.com/react-dom@18.2.0/umd/react-dom.production.min.js",
}
_DIGESTS = {
    "graphiql_css": "sha384-Mq3vbRBY71jfjQAt/DcjxUIYY33ksal4cgdRt9U/hNPvHBCaT2JfJ/PTRiPKf0aM",
    "graphiql_js": "sha384-HbRVEFG0JGJZeAHCJ9Xm2+tpknBQ7QZmNlO/DgZtkZ0aJSypT96YYGRNod99l9Ie",
    "react_js": "sha384-tMH8h3BGESGckSAVGZ82T9n90ztNXxvdwvdM6UoR56cYcf+0iGXBliJ29D+wZ/x8",
    "react_dom_js": "sha384-bm7MnzvK++ykSwVJ2tynSE5TRdN+xL418osEVF2DE/L/gfWHj91J2Sphe582B1Bh",
}

_HERE = Path(__file__).parent
_SCRIPT = (_HERE / "page.js").read_text(encoding="utf-8")


def _built_page() -> str:
    values = {
        name: f'"{address}" integrity="{_DIGESTS[name]}"' for name, address in _ASSETS.items()
    }
    template = Template((_HERE / "page.html").read_text(encoding="utf-8"))
    return template.substitute(values, script=_SCRIPT)


GRAPHIQL_PAGE = _built_page()

_SCRIPT_DIGEST = b64encode(sha256(_SCRIPT.encode()).digest()).decode()

# The page's own script by its digest, the editor's by its place; requests go to this server only.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        f"script-src https://unpkg.com 'sha256-{_SCRIPT_DIGEST}'",
        "style-src https://unpkg.com 'unsafe-inline'",
        "font-src data: https://unpkg.com",
        "img-src data:",
        "connect-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
