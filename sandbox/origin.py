"""The origins that may make the page's requests: only the page itself."""

from urllib.parse import urlsplit

from fastapi import HTTPException, Request


def from_our_page(request: Request) -> None:
    """Refuses what another site's page could make a browser send: only JSON, only from our own origin."""
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise HTTPException(415, "JSON only")
    _from_here(request)


def bytes_from_our_page(request: Request) -> None:
    """Refuse bytes that another site's page could make a browser send: forms can't name this content type."""
    if not request.headers.get("content-type", "").startswith("application/octet-stream"):
        raise HTTPException(415, "bytes only")
    _from_here(request)


def _from_here(request: Request) -> None:
    origin = request.headers.get("origin")
    if origin and urlsplit(origin).netloc != request.headers.get("host"):
        raise HTTPException(403, "from this page only")
