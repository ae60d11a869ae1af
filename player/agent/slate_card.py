"""What the slate shows of the pairing, and the QR code on it."""

from cards.qr_code import qr_rows
from player.agent.keyring import Kept
from player.bulletin import PairingCard

__all__ = ["pairing_address", "pairing_card"]


def pairing_address(server: str, code: str) -> str:
    """The page that a person opens to pair the box with this code."""
    return f"{server}/pair?code={code}"


def pairing_card(kept: Kept, server: str, box: str) -> PairingCard:
    """The card: a code while one waits to be typed in, else which screen this is."""
    claim, credential = kept.claim, kept.credential
    code = claim.code if claim and (credential is None or kept.refused) else ""
    return PairingCard(
        code=code,
        server=f"{server}/pair",
        qr=qr_rows(pairing_address(server, code)) if code else (),
        fingerprint=credential.root_sha256 if credential else "",
        box=box,
        is_paired=credential is not None and not kept.refused,
        key_refused=bool(code) and claim is not None and claim.key_refused,
    )
