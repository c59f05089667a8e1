"""What holders are told, in their own language."""

from __future__ import annotations

from app.access.models import User
from app.certificates import codes
from app.certificates.models import Certificate
from app.enrolment.notices.services import PERSONAL
from app.language import force_locale, lazy_pgettext
from app.post import letters
from app.post.addresses import public_address
from app.post.letters import bare
from app.post.links import LINK
from app.post.services import Place, enqueue

LETTER = "certificates/issuing/ready.txt"

SAID = lazy_pgettext("occasion", "Certificate ready")


def tell(certificate: Certificate, account: User | None, address: str, place: Place) -> bool:
    """Put “your certificate is ready” into the outbox, once for each certificate. False without an address: somebody
    has to tell it otherwise.

    Who cannot sign in downloads it by a personal link; a trainer, who has none, is told who hands it out.
    """
    may_sign_in = account is not None and account.active
    address = bare(address) or (bare(account.email) if account is not None and may_sign_in else "")
    if not address:
        return False
    download = public_address("register.pdf", certificate_id=certificate.id) if may_sign_in else ""
    link = None
    if not may_sign_in and certificate.enrolment_id is not None:
        download, link = LINK, (PERSONAL, certificate.enrolment_id)
    with force_locale(certificate.language):
        course = certificate.snapshot[f"course_{certificate.language}"]
        subject, body = letters.write(
            LETTER,
            certificate=certificate,
            name=certificate.printed_name,
            course=course,
            code=codes.printed(certificate.code),
            verification_url=codes.address(certificate.code),
            download_url=download,
            signs_in=may_sign_in,
        )
    enqueue(f"certificate:{certificate.id}", address, certificate.language, subject, body, link=link, place=place)
    return True
