"""A list as its address describes it: filters, sort, page; and bytes as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Response, make_response, request

from app.core.paging import ListQuery, Page
from app.files.models import Document
from app.files.sheets import content_disposition


@dataclass
class Listing:
    """A list as its address describes it: what is asked for, as a page or (`format`: xlsx, csv) as a file."""

    query: ListQuery
    page: Page[Any] | None = None
    format: str = ""

    @classmethod
    def read(
        cls,
        sorts: Mapping[str, Any] = {"": ()},
        *,
        filters: Sequence[str] = (),
        descending: bool = False,
        given: Mapping[str, str] | None = None,
    ) -> Listing:
        """From the request's address, or what is `given`. An unknown sort means the first, an unknown page page 1."""
        given = request.args if given is None else given
        sort = given.get("sort", "")
        direction = given.get("direction", "")
        default = next(iter(sorts))
        chosen = sort if sort in sorts else default
        number = given.get("page", "1")
        return cls(
            ListQuery(
                q=given.get("q", "")[:200].strip(),
                sort=chosen,
                descending=direction == "desc" if direction in ("asc", "desc") else descending and chosen == default,
                number=int(number) if number.isascii() and number.isdigit() and len(number) < 8 else 1,
                filters={name: given.get(name, "")[:200] for name in filters if given.get(name)},
            ),
            format=given.get("format", "") if given.get("format") in ("xlsx", "csv") else "",
        )

    @property
    def q(self) -> str:
        return self.query.q

    @property
    def sort(self) -> str:
        return self.query.sort

    @property
    def direction(self) -> str:
        return "desc" if self.query.descending else "asc"

    @property
    def filtered(self) -> bool:
        return self.query.narrowed

    def filter(self, name: str) -> str:
        return self.query.filter(name)

    def url(self, **changes: Any) -> str:
        """This list's address with some arguments changed; None drops one. Other changes than `page` go to page 1."""
        kept: dict[str, Any] = {k: v for k, v in request.args.items() if k not in {"page", "format", "lang"}}
        kept.update(changes)
        query = urlencode({k: str(v) for k, v in kept.items() if v not in (None, "")})
        return f"{request.path}?{query}" if query else request.path

    @property
    def clear_url(self) -> str:
        return request.path

    @property
    def previous_url(self) -> str | None:
        return self.url(page=self.page.number - 1) if self.page and self.page.number > 1 else None

    @property
    def next_url(self) -> str | None:
        return self.url(page=self.page.number + 1) if self.page and self.page.has_next else None

    @property
    def export_xlsx(self) -> str:
        return self.url(format="xlsx")

    @property
    def export_csv(self) -> str:
        return self.url(format="csv")


def download(data: bytes, media_type: str, filename: str, *, inline: bool = False) -> Response:
    """Bytes as a file, its name in any script (RFC 6266)."""
    response = make_response(data)
    response.headers["Content-Type"] = media_type
    disposition = content_disposition(filename)
    response.headers["Content-Disposition"] = disposition.replace("attachment", "inline", 1) if inline else disposition
    return response


def handed_out(kept: Document) -> Response:
    """A file that was attached to something, to whoever may see that."""
    return download(kept.content, kept.media_type, kept.filename)
