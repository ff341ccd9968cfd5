"""The second step of signing in: a code from an authenticator app, or a passkey. The one door to both.

A passkey's challenge is sealed by the vault and bound to one session, so that showing a page keeps nothing; a
challenge that came back is kept until it would have expired, so that it never comes back twice.
"""

import base64
import json
import re
import struct
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
from sqlite_utils import Database

from diary import clock, store
from diary.people.sessions import Viewer
from diary.vault import Broken, Vault

STEP = 30  # seconds
LASTS = timedelta(minutes=5)
LONGEST = 20_000  # signs, of what a browser answers
_SECRET = re.compile("[A-Z2-7]{32}")
# What is not an answer at all fails somewhere in the reading of it.
_NONSENSE = (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, struct.error)


@dataclass(frozen=True)
class Passkey:
    uid: str
    label: str
    created_at: str
    used_at: str | None


@dataclass(frozen=True)
class Ways:
    """How someone can take the second step."""

    app: bool
    passkeys: list[Passkey]

    def __len__(self) -> int:
        return self.app + len(self.passkeys)


@dataclass(frozen=True)
class Site:
    """For which name a passkey is, and on which addresses it may be used."""

    name: str
    origins: list[str]


def ways(db: Database, viewer: Viewer) -> Ways:
    keys = "select uid, label, created_at, used_at from passkeys where account = :account order by id"
    return Ways(
        app=_authenticator(db, viewer.id) is not None,
        passkeys=[Passkey(**row) for row in store.rows(db, keys, account=viewer.id)],
    )


# -- a code from an app


def sound(secret: str) -> str:
    """This secret if it is one of ours, or else a new one."""
    return secret if _SECRET.fullmatch(secret) else pyotp.random_base32()


def link(viewer: Viewer, secret: str) -> str:
    """What an authenticator app reads from the QR drawing."""
    return pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=viewer.email, issuer_name="Nabij")


def confirm_totp(db: Database, vault: Vault, viewer: Viewer, secret: str, code: str, now: datetime) -> bool:
    """Keeps this secret once the app has shown that it has it too."""
    step = _step(secret, code, now) if _SECRET.fullmatch(secret) else None
    if step is None:
        return False
    keep_totp(db, vault, viewer.id, secret, now, step)
    return True


def keep_totp(db: Database, vault: Vault, account: int, secret: str, now: datetime, step: int = 0) -> None:
    sealed = vault.close(secret, "authenticator", account)
    store.change(
        db,
        """insert into authenticators (account, sealed, last_step, created_at) values (:account, :sealed, :step, :now)
           on conflict (account) do update set sealed = :sealed, last_step = :step, created_at = :now""",
        account=account,
        sealed=sealed,
        step=step,
        now=clock.stamp(now),
    )


def prove_totp(db: Database, vault: Vault, viewer: Viewer, code: str, now: datetime) -> bool:
    """Whether the app shows this code now. Each works once, and none that is older than one that was used."""
    kept = _authenticator(db, viewer.id)
    step = kept and _step(vault.open(kept["sealed"], "authenticator", viewer.id), code, now)
    if step is None:
        return False
    sql = "update authenticators set last_step = :step where account = :account and last_step < :step"
    return store.change(db, sql, account=viewer.id, step=step) == 1


def drop_totp(db: Database, viewer: Viewer) -> None:
    store.change(db, "delete from authenticators where account = :account", account=viewer.id)


def _authenticator(db: Database, account: int) -> dict | None:
    return store.row(db, "select sealed from authenticators where account = :account", account=account)


def _step(secret: str, code: str, now: datetime) -> int | None:
    """To which half minute this code belongs: this one, or the one beside it on either side."""
    typed, at = "".join(code.split()), int(now.timestamp()) // STEP
    if not (typed.isascii() and typed.isdigit() and len(typed) == 6):
        return None
    app = pyotp.TOTP(secret, interval=STEP)
    fits = (step for step in (at - 1, at, at + 1) if pyotp.utils.strings_equal(app.generate_otp(step), typed))
    return max(fits, default=None)


# -- a passkey: webauthn is imported late, for it costs a start 0.2 seconds


def ask_to_keep(db: Database, vault: Vault, viewer: Viewer, site: Site, now: datetime) -> str:
    """What the browser needs to make a passkey, as JSON."""
    import webauthn
    from webauthn.helpers.structs import AuthenticatorSelectionCriteria, UserVerificationRequirement

    options = webauthn.generate_registration_options(
        rp_id=site.name,
        rp_name="Nabij",
        user_id=viewer.uid.encode(),
        user_name=viewer.email,
        user_display_name=viewer.name,
        challenge=_challenge(vault, viewer, now),
        authenticator_selection=AuthenticatorSelectionCriteria(
            user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=_described(db, viewer),
    )
    return webauthn.options_to_json(options)


def keep_passkey(db: Database, vault: Vault, viewer: Viewer, site: Site, answer: str, now: datetime) -> bool:
    import webauthn
    from webauthn.helpers.exceptions import WebAuthnException

    challenge = _answered(db, vault, viewer, answer, now)
    if challenge is None:
        return False
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origins,
            require_user_verification=True,
        )
    except (WebAuthnException, *_NONSENSE):
        return False
    return (
        store.change(
            db,
            """insert into passkeys (uid, account, credential, public_key, sign_count, label, created_at)
               select :uid, account, :credential, :public_key, :sign_count, label, :now
               from sessions where id = :session
               on conflict (credential) do nothing""",
            uid=str(uuid.uuid4()),
            credential=made.credential_id,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            session=viewer.session,
            now=clock.stamp(now),
        )
        == 1
    )


def ask_to_prove(db: Database, vault: Vault, viewer: Viewer, site: Site, now: datetime) -> str:
    """What the browser needs to show that its owner is here, as JSON."""
    import webauthn
    from webauthn.helpers.structs import UserVerificationRequirement

    options = webauthn.generate_authentication_options(
        rp_id=site.name,
        challenge=_challenge(vault, viewer, now),
        allow_credentials=_described(db, viewer),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def prove_passkey(db: Database, vault: Vault, viewer: Viewer, site: Site, answer: str, now: datetime) -> bool:
    import webauthn
    from webauthn.helpers.exceptions import WebAuthnException

    challenge = _answered(db, vault, viewer, answer, now)
    if challenge is None:
        return False
    try:
        given = webauthn.helpers.parse_authentication_credential_json(answer)
        key = store.row(
            db,
            "select id, public_key, sign_count from passkeys where credential = :credential and account = :account",
            credential=given.raw_id,
            account=viewer.id,
        )
        if key is None:
            return False
        shown = webauthn.verify_authentication_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origins,
            credential_public_key=key["public_key"],
            credential_current_sign_count=key["sign_count"],
            require_user_verification=True,
        )
    except (WebAuthnException, *_NONSENSE):
        return False
    sql = """update passkeys set sign_count = :count, used_at = :now
             where id = :id and (sign_count < :count or sign_count = 0 and :count = 0)"""
    return store.change(db, sql, id=key["id"], count=shown.new_sign_count, now=clock.stamp(now)) == 1


def drop_passkey(db: Database, viewer: Viewer, uid: str) -> bool:
    sql = "delete from passkeys where uid = :uid and account = :account"
    return store.change(db, sql, uid=uid, account=viewer.id) == 1


def _described(db: Database, viewer: Viewer) -> list:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

    keys = store.rows(db, "select credential from passkeys where account = :account", account=viewer.id)
    return [PublicKeyCredentialDescriptor(id=key["credential"]) for key in keys]


def _challenge(vault: Vault, viewer: Viewer, now: datetime) -> bytes:
    return vault.close(clock.stamp(now + LASTS), "challenge", viewer.session)


def _answered(db: Database, vault: Vault, viewer: Viewer, answer: str, now: datetime) -> bytes | None:
    """The challenge of ours that this answers, if it is this session's, in time, and came back for the first time."""
    if len(answer) > LONGEST:
        return None
    try:
        client = json.loads(_unpacked(json.loads(answer)["response"]["clientDataJSON"]))
        challenge = _unpacked(client["challenge"])
        expires = vault.open(challenge, "challenge", viewer.session)
    except (Broken, *_NONSENSE):
        return None
    sql = "insert into challenges values (:challenge, :expires) on conflict do nothing"
    first = store.change(db, sql, challenge=challenge, expires=expires) == 1
    return challenge if first and expires > clock.stamp(now) else None


def _unpacked(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
