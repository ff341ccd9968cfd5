"""With which headers an answer goes, and what this browser keeps: two cookies, and how long."""

from datetime import timedelta

from flask import Response, current_app, g, request, session

from diary.config import Settings
from diary.people import sessions

MEGABYTE = 1024 * 1024
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def configuration(settings: Settings) -> dict:
    return {
        "SESSION_COOKIE_NAME": "__Host-nabij" if settings.secure else "nabij",
        "SESSION_COOKIE_SECURE": settings.secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": sessions.LONGEST,
        "WTF_CSRF_TIME_LIMIT": None,  # a form may lie open all night; the session bounds it
        "WTF_I18N_ENABLED": False,  # every sentence of a form is ours; its library would read its own at each request
        "MAX_CONTENT_LENGTH": MEGABYTE,
        "MAX_FORM_MEMORY_SIZE": MEGABYTE,
        "TRUSTED_HOSTS": settings.hosts,
        "PREFERRED_URL_SCHEME": "https" if settings.secure else "http",
        "BABEL_DEFAULT_LOCALE": "nl",
        "COMPRESS_MIMETYPES": ["text/html", "application/json"],
        "COMPRESS_ALGORITHM": ["zstd", "br", "gzip"],
        "COMPRESS_BR_LEVEL": 1,
        "COMPRESS_ZSTD_LEVEL": 1,
        "COMPRESS_LEVEL": 1,
        "COMPRESS_STREAMS": False,
        "COMPRESS_EVALUATE_CONDITIONAL_REQUEST": False,
    }


def put_on(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if "foreign" in g:
        session.modified = False  # another site may not give this browser a new cookie
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    if current_app.config["SETTINGS"].secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return response


def remember_device(response: Response, device: str) -> None:
    secure = current_app.config["SETTINGS"].secure
    response.set_cookie(
        "__Host-device" if secure else "device",
        device,
        max_age=timedelta(days=400),
        secure=secure,
        httponly=True,
        samesite="Lax",
    )


def device() -> str | None:
    return request.cookies.get("__Host-device" if current_app.config["SETTINGS"].secure else "device")
