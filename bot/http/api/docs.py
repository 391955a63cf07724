"""The documentation page: the OpenAPI document as plain HTML, which loads nothing from elsewhere."""

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from bot.http.api.problems import STATUS

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
body{color:#1d1c1d;background:#fff}
h2{margin-top:2.5rem;border-top:1px solid #ddd;padding-top:1rem}
code,pre{font-size:.875rem;background:#f4f4f5;border-radius:4px}
pre{padding:.75rem;overflow-x:auto}td,th{text-align:left;vertical-align:top;padding:.2rem 1rem .2rem 0}
@media(prefers-color-scheme:dark){body{background:#1a1d21;color:#e8e8e8}code,pre{background:#2b2e33}
h2{border-color:#444}a{color:#7cc4ff}}
"""


def page(openapi: Mapping[str, Any], prefix: str) -> str:
    """Return the page about the API that is mounted at `prefix`."""
    parts = "\n".join((*_routes(openapi, prefix), *_problems()))
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<title>Goalkeeper API</title><style>{_STYLE}</style><h1>Goalkeeper API</h1>"
        f"<pre>{escape(openapi['info']['description'])}</pre>"
        f"<p>For programs: <a href='{prefix}/openapi.json'>the OpenAPI document</a>.</p>{parts}</html>"
    )


def _routes(openapi: Mapping[str, Any], prefix: str) -> Iterator[str]:
    for path, methods in openapi["paths"].items():
        for method, route in methods.items():
            heading = f"{method.upper()} {escape(prefix + path)}"
            yield f"<h2 id='{escape(route['operationId'])}'><code>{heading}</code></h2>"
            yield f"<p>{escape(route.get('description') or route['summary'])}</p>"
            if parameters := route.get("parameters"):
                rows = "".join(_parameter(each) for each in parameters)
                yield f"<table><tr><th>parameter<th>in<th>{rows}</table>"
            for kind, body in route.get("requestBody", {}).get("content", {}).items():
                if example := _example(openapi, body):
                    yield f"<p>Body, <code>{escape(kind)}</code>:</p><pre>{escape(example)}</pre>"


def _parameter(parameter: Mapping[str, Any]) -> str:
    name = escape(parameter["name"]) + ("" if parameter.get("required") else " (optional)")
    return f"<tr><td><code>{name}</code><td>{parameter['in']}<td>{escape(parameter.get('description', ''))}"


def _example(openapi: Mapping[str, Any], body: Mapping[str, Any]) -> str | None:
    schema = body.get("schema", {})
    if reference := schema.get("$ref"):
        schema = openapi["components"]["schemas"][reference.rpartition("/")[2]]
    found = body.get("example") or next(iter(schema.get("examples", ())), None)
    return found if isinstance(found, str) or found is None else json.dumps(found, indent=2)


def _problems() -> Iterator[str]:
    yield "<h2>Problems</h2><table><tr><th>code<th>status"
    for code, status in STATUS.items():
        yield f"<tr id='{code}'><td><code>{code}</code><td>{status}"
    yield "<tr id='invalid_input'><td><code>invalid_input</code> and other wrong input<td>422</table>"
