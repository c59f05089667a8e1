"""What a browser sent, as text: the one place where it is put into NFC and signs nobody can see are taken out of it."""

from __future__ import annotations

import unicodedata
from urllib.parse import parse_qsl, urlsplit

import flask
from flask import Flask, abort, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.utils import cached_property

from app.language.turkish import visible


def _text(sent: str) -> str:
    # nearly all that is sent, and nothing to be done with it
    return sent if sent.isascii() and sent.isprintable() else unicodedata.normalize("NFC", visible(sent))


def _cleaned(sent: MultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    return ImmutableMultiDict([(_text(name), _text(value)) for name, value in sent.items(multi=True)])


class Request(flask.Request):
    """A request whose query and form are clean text in NFC, and whose path has no control character."""

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """The query. Bytes that are no UTF-8 stay percent-encoded, as they do in a form."""
        text = self.query_string.decode("utf-8", "werkzeug.url_quote")
        return _cleaned(MultiDict(parse_qsl(text, keep_blank_values=True, errors="werkzeug.url_quote")))

    def _load_form_data(self) -> None:
        if "form" in self.__dict__:  # the stream was read before
            return
        super()._load_form_data()
        self.__dict__["form"] = _cleaned(self.__dict__["form"])


def path_of(address: str) -> str:
    """The path of an address somebody sent; "" for what is none."""
    try:
        return urlsplit(address).path
    except ValueError:  # half a bracket where an IPv6 address would stand
        return ""


def init_app(app: Flask) -> None:
    app.request_class = Request

    @app.before_request
    def refuse_control_characters() -> None:
        """No address of ours holds any."""
        if visible(request.path) != request.path:
            abort(404)
