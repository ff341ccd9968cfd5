"""The one door to keys and sealed text.

Each family has a key of its own, kept in the database wrapped by the master key, which is not in the
database. Whatever a family writes is sealed with AES-256-GCM under its key, and bound to the ids of its row
and the name of its field: a ciphertext that was moved elsewhere does not open.
"""

import hashlib
import hmac
import os
import secrets
import uuid
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

NONCE = 12
_P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # how many points a key is drawn from


class Broken(Exception):
    """A sealed text that does not open: changed, moved, or sealed under another key."""


class Seal:
    """One key, and what it seals."""

    def __init__(self, key: bytes, house: bytes = b""):
        self._cipher = AESGCM(key)
        self._names = hashlib.sha256(b"names" + key).digest()
        self._house = house or hashlib.sha256(b"house" + key).digest()

    def uid(self, *ids: object) -> str:
        """The same for the same, and nobody without the key can tell what it was made from."""
        return str(uuid.UUID(bytes=hmac.digest(self._names, _bound(ids), "sha256")[:16], version=4))

    def proof(self, *parts: object) -> bytes:
        """Proves that these came from this house, whichever family's seal is at hand; it needs the master key."""
        return hmac.digest(self._house, _bound(parts), "sha256")

    def close(self, text: str, *ids: object) -> bytes:
        nonce = os.urandom(NONCE)
        return nonce + self._cipher.encrypt(nonce, text.encode(), _bound(ids))

    def open(self, sealed: bytes, *ids: object) -> str:
        return self.open_bytes(sealed, *ids).decode()

    def open_bytes(self, sealed: bytes, *ids: object) -> bytes:
        try:
            return self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], _bound(ids))
        except (InvalidTag, ValueError) as error:
            raise Broken(ids) from error

    def opens(self, sealed: bytes, *ids: object) -> bool:
        try:
            self.open_bytes(sealed, *ids)
        except Broken:
            return False
        return True


def _bound(ids: tuple) -> bytes:
    return "\0".join(map(str, ids)).encode()


class Vault(Seal):
    """Holds the master key: makes and opens the keys of families."""

    def new_key(self, family: str) -> bytes:
        return self.close(secrets.token_hex(32), "family key", family)

    def seal(self, wrapped: bytes, family: str) -> Seal:
        return _unwrapped(self, wrapped, family)


@lru_cache(maxsize=4096)
def _unwrapped(vault: Vault, wrapped: bytes, family: str) -> Seal:
    return Seal(bytes.fromhex(vault.open(wrapped, "family key", family)), vault._house)


def fingerprint(token: str) -> bytes:
    """What is kept of a token or code: enough to know it by, and not to use it. Not for passwords: it is fast."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def private_number(secret: str) -> bytes:
    """What 64 hex digits stand for as a private key on P-256."""
    return (int(secret, 16) % (_P256 - 1) + 1).to_bytes(32, "big")


def public_point(number: bytes) -> bytes:
    """The public half of a private key on P-256, as browsers write it."""
    key = ec.derive_private_key(int.from_bytes(number, "big"), ec.SECP256R1()).public_key()
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def is_point(key: bytes) -> bool:
    """Whether this is a public key on P-256: 65 bytes of a point that really lies there."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key)
    except ValueError:
        return False
    return len(key) == 65


def secret(path: Path) -> str:
    """64 hex digits from this file; made at the first start, once, whoever comes first."""
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
        with open(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):  # another process has just linked its own
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text().strip()
