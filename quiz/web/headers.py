"""Response headers: what a browser may do with our pages, and what may be kept."""

from __future__ import annotations

from flask import Flask, Response, request
from flask_compress import Compress

from .assets import ASSETS

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "script-src-attr 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-src 'none'",
        "frame-ancestors 'none'",
    )
)
_ALWAYS = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
_YEAR = 31_536_000


def init_compression(app: Flask) -> None:
    """Compress what is worth it, at the speed that suits pages made anew for each request."""
    app.config.setdefault("COMPRESS_ALGORITHM", ["br", "gzip"])
    app.config.setdefault("COMPRESS_BR_LEVEL", 1)
    app.config.setdefault("COMPRESS_MIN_SIZE", 500)
    Compress(app)


def init_headers(app: Flask) -> None:
    """Send the headers with every response. Pages are personal: nobody may keep a copy."""

    @app.after_request
    def _add(response: Response) -> Response:
        response.headers.extend(_ALWAYS)  # nothing sets them before
        if app.config["HTTPS"]:
            response.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
        if request.endpoint in ASSETS and response.status_code in (200, 304):
            # The address carries a hash of the content (see assets.py), so it never goes stale.
            is_versioned = request.endpoint == "script" or request.args.get("v")
            fresh = f"public, max-age={_YEAR}, immutable" if is_versioned else "no-cache"
            response.headers["Cache-Control"] = fresh
        elif not (request.endpoint == "static" and "Cache-Control" in response.headers):
            kept = response.headers.get("Cache-Control", "")
            if "no-store" not in kept:  # a stream says that, and more
                response.headers["Cache-Control"] = "no-store"
        return response
