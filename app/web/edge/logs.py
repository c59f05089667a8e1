"""Logs: JSON lines, UTC, one request id; no address, name, token or form body."""

from __future__ import annotations

import logging
import re
import sys
import time
from uuid import uuid4

import structlog
from flask import Flask, Response, g, request

_TOKENS = re.compile(r"^/(calendar|k|welcome)/[^/]+")


def masked(path: str) -> str:
    """The path as it may stand in a log: tokens are not for reading."""
    return _TOKENS.sub(lambda m: f"/{m.group(1)}/***", path)


def configure(level: str) -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def init_app(app: Flask) -> None:
    configure(app.config["LOG_LEVEL"])
    log = structlog.get_logger()

    @app.before_request
    def begin() -> None:
        g.request_id = uuid4().hex[:12]
        g.started = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=g.request_id)

    @app.after_request
    def end(response: Response) -> Response:
        if "request_id" in g:
            response.headers["X-Request-Id"] = g.request_id
            log.info(
                "request",
                method=request.method,
                path=masked(request.path),
                status=response.status_code,
                ms=round((time.perf_counter() - g.started) * 1000, 1),
            )
        return response
