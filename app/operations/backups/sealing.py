"""Files sealed to a public key: the format of age (age-encryption.org/v1) with X25519 keys.

A standard format, so that a backup is opened by `age -d` as well, on a machine that has no Yetkin; and of primitives
`cryptography` has: X25519, HKDF, ChaCha20-Poly1305, in chunks, so that no file has to fit into memory.
"""

from __future__ import annotations

import base64
import hmac
import io
import itertools
import os
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = b"age-encryption.org/v1"
CHUNK, TAG = 64 * 1024, 16
PUBLIC, PRIVATE = "age", "age-secret-key-"


class NotOpened(Exception):
    """A sealed file is damaged, or the key is not its own."""


def new_key() -> tuple[str, str]:
    """The private key, which is kept elsewhere, and the public one."""
    key = X25519PrivateKey.generate()
    return _bech32(PRIVATE, key.private_bytes_raw()).upper(), _bech32(PUBLIC, key.public_key().public_bytes_raw())


def public_key(text: str) -> X25519PublicKey:
    """ValueError where it is none."""
    return X25519PublicKey.from_public_bytes(_plain(PUBLIC, text))


def private_key(text: str) -> X25519PrivateKey:
    """Of what a file of keys holds, as age-keygen or we write it. ValueError where there is none."""
    lines = [line for line in map(str.strip, text.splitlines()) if line and not line.startswith("#")]
    if len(lines) != 1:
        raise ValueError("one private key is expected")
    return X25519PrivateKey.from_private_bytes(_plain(PRIVATE, lines[0]))


class Sealed(io.RawIOBase):
    """Writes to `file`, which is not closed with it. Its `file_key` opens this one file again."""

    def __init__(self, file: IO[bytes], to: X25519PublicKey) -> None:
        self._file, self._held, self._number = file, bytearray(), 0
        self.file_key, nonce = os.urandom(16), os.urandom(16)
        file.write(_header(self.file_key, to) + nonce)
        self._cipher = ChaCha20Poly1305(_derived(self.file_key, nonce, b"payload"))

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._held += data
        while len(self._held) > CHUNK:  # the last chunk is never empty, and only `close` knows which it is
            self._chunk(bytes(self._held[:CHUNK]), last=False)
            del self._held[:CHUNK]
        return len(data)

    def _chunk(self, data: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last), data, None))
        self._number += 1

    def close(self) -> None:
        if not self.closed:
            self._chunk(bytes(self._held), last=True)
        super().close()


class Opened(io.RawIOBase):
    """Reads what was sealed; NotOpened where a byte of it is another, or the end is missing."""

    def __init__(self, file: IO[bytes], key: X25519PrivateKey | bytes) -> None:
        file_key = _file_key(file, key)
        self._file, self._number = file, 0
        self._cipher = ChaCha20Poly1305(_derived(file_key, file.read(16), b"payload"))
        self._ahead, self._plain = file.read(CHUNK + TAG), b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._plain and (self._ahead or not self._number):
            chunk, self._ahead = self._ahead, self._file.read(CHUNK + TAG)
            try:
                self._plain = self._cipher.decrypt(_nonce(self._number, not self._ahead), chunk, None)
            except InvalidTag:
                raise NotOpened("it is damaged or cut short") from None
            self._number += 1
        given = self._plain[: len(buffer)]
        buffer[: len(given)] = given
        self._plain = self._plain[len(given) :]
        return len(given)


def is_sealed(file: IO[bytes]) -> bool:
    """Looks at its first bytes and goes back."""
    begins = file.read(len(VERSION))
    file.seek(0)
    return begins == VERSION


def _header(file_key: bytes, to: X25519PublicKey) -> bytes:
    once = X25519PrivateKey.generate()
    share, theirs = once.public_key().public_bytes_raw(), to.public_bytes_raw()
    wrapping = ChaCha20Poly1305(_derived(once.exchange(to), share + theirs, VERSION + b"/X25519"))
    stanza = b"-> X25519 %s\n%s\n" % (_b64(share), _b64(wrapping.encrypt(bytes(12), file_key, None)))
    signed = VERSION + b"\n" + stanza + b"---"
    return b"%s %s\n" % (signed, _b64(_mac(file_key, signed)))


def _file_key(file: IO[bytes], key: X25519PrivateKey | bytes) -> bytes:
    """Every recipient's stanza is tried; what the header says is signed with the key it gives."""
    lines = [file.readline(200).rstrip(b"\n")]
    while lines[0] == VERSION and not lines[-1].startswith(b"---") and len(lines) < 100:
        lines.append(file.readline(200).rstrip(b"\n"))
    signed, _, mac = b"\n".join(lines).rpartition(b" ")
    if not signed.endswith(b"\n---"):
        raise NotOpened("it is damaged or cut short")
    found = key if isinstance(key, bytes) else _unwrapped(lines, key)
    if not hmac.compare_digest(_b64(_mac(found, signed)), mac):
        raise NotOpened("its header is damaged")
    return found


def _unwrapped(lines: list[bytes], key: X25519PrivateKey) -> bytes:
    mine = key.public_key().public_bytes_raw()
    for line, body in itertools.pairwise(lines):
        if not line.startswith(b"-> X25519 "):
            continue
        try:
            share, wrapped = _unb64(line.removeprefix(b"-> X25519 ")), _unb64(body)
            shared = key.exchange(X25519PublicKey.from_public_bytes(share))
            wrapping = ChaCha20Poly1305(_derived(shared, share + mine, VERSION + b"/X25519"))
            return wrapping.decrypt(bytes(12), wrapped, None)
        except (ValueError, InvalidTag):
            continue
    raise NotOpened("this key does not open it")


def _derived(key: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, info).derive(key)


def _mac(file_key: bytes, signed: bytes) -> bytes:
    return hmac.digest(_derived(file_key, b"", b"header"), signed, "sha256")


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _b64(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")


def _unb64(text: bytes) -> bytes:
    return base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)


# --- how keys are written: Bech32 (BIP 173) ---------------------------------------------------------------

LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def _checksum(prefix: str, values: list[int]) -> int:
    sum_ = 1
    for value in [*(ord(c) >> 5 for c in prefix), 0, *(ord(c) & 31 for c in prefix), *values]:
        top, sum_ = sum_ >> 25, (sum_ & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            sum_ ^= generator if top >> bit & 1 else 0
    return sum_


def _bech32(prefix: str, data: bytes) -> str:
    bits = "".join(f"{byte:08b}" for byte in data)
    values = [int(bits[at : at + 5].ljust(5, "0"), 2) for at in range(0, len(bits), 5)]
    sum_ = _checksum(prefix, values + [0] * 6) ^ 1
    return f"{prefix}1{''.join(LETTERS[value] for value in [*values, *(sum_ >> 5 * (5 - at) & 31 for at in range(6))])}"


def _plain(prefix: str, text: str) -> bytes:
    begins, _, rest = text.strip().lower().rpartition("1")
    values = [LETTERS.find(letter) for letter in rest]
    if begins != prefix or -1 in values or len(values) != 58 or _checksum(prefix, values) != 1:
        raise ValueError("not a key of age")
    bits = "".join(f"{value:05b}" for value in values[:-6])
    return int(bits[:256], 2).to_bytes(32, "big")
