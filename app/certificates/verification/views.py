"""The public door: one certificate by its code, or by its file. Nobody signs in, nothing changes, no cookie is set."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from app.access.sign_in import throttling
from app.certificates import codes
from app.certificates.models import Certificate
from app.certificates.rules import digest
from app.certificates.verification import proof, queries, rules
from app.certificates.verification.forms import FileForm
from app.web.door import public, reads_first
from app.web.render import render

bp = Blueprint("verification", __name__)

WRONG_CODES = 30


def _door() -> str:
    """Wrong answers are counted for the address the connection comes from, whatever its headers claim."""
    return throttling.key_of("verify", request.remote_addr or "")


def _wrong() -> None:
    throttling.failed(_door(), free=WRONG_CODES, growing=False)


def _found(typed: str) -> Certificate | None:
    """The certificate; a code nobody has counts against the address. Known or not, the same look-ups are made."""
    throttling.check(_door())
    found = queries.by_code(codes.read(typed))
    if found is None:
        _wrong()
    return found


@bp.after_request
def leave_nothing(response: Response) -> Response:
    """No search engine keeps the page; a visitor without a cookie leaves without one, unless they chose a language
    or the page has a form that is sent.
    """
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    had_one = current_app.config["SESSION_COOKIE_NAME"] in request.cookies
    if not had_one and "csrf_token" not in session and "lang" not in request.args:
        session.clear()
        session.modified = False
    return response


@bp.get("/d")
@public
def ask() -> ResponseReturnValue:
    typed = request.args.get("code", "")[:200]
    code = codes.read(typed)
    if code:
        return redirect(url_for("verification.show", code=code))
    return render("certificates/verification/verify.html", typed=typed, form=FileForm(), status=422 if typed else 200)


@bp.get("/d/<code>")
@public
def show(code: str) -> ResponseReturnValue:
    canonical = codes.read(code)
    if canonical and canonical != code:
        return redirect(url_for("verification.show", code=canonical, name=request.args.get("name")))
    found = _found(code)
    if found is None:
        asked = codes.printed(canonical) if canonical else code[:200]
        return render("certificates/verification/verified.html", proof=None, asked=asked, status=404)
    typed = request.args.get("name", "")[:250]
    same = rules.same_name(found.printed_name, typed) if typed else None
    # a masked name can be guessed at like a code
    if same is False:
        _wrong()
    return render(
        "certificates/verification/verified.html", proof=proof.of(found), code=found.code, typed=typed, same=same
    )


@bp.get("/d/<code>.json")
@public
def data(code: str) -> ResponseReturnValue:
    found = _found(code)
    shown = proof.as_json(proof.of(found) if found else None)
    return jsonify(shown), 200 if found else 404


@bp.post("/d/file")
@public
@reads_first
def compare() -> ResponseReturnValue:
    """Whether these very bytes are a certificate of ours. The file is read, never kept."""
    throttling.check(_door())
    form = FileForm()
    content = form.content() if form.sent() else b""
    if content:
        return _compared(content)
    return render("certificates/verification/verify.html", typed="", form=form, status=422)


def _compared(content: bytes) -> ResponseReturnValue:
    found = queries.by_digest(digest(content))
    if found is None:
        _wrong()
    return render(
        "certificates/verification/compared.html",
        proof=proof.of(found) if found else None,
        code=found.code if found else "",
        status=200 if found else 404,
    )
