"""Random secrets, shown once and kept as digests: API tokens, screen tokens, set-up codes.

256 random bits need no slow hash: whoever has the digest cannot guess the secret.  Codes that
people type are shorter, live for an hour and are rate-limited.
"""

import hashlib
import secrets

__all__ = ["digest", "new_code", "new_token", "normal_code"]

#: Random bytes in a token.
TOKEN_BYTES = 32

#: Letters of a code: no I, L, O, U, 0 or 1, so that it survives the telephone.
CODE_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"

#: Letters in a code: 30 ** 10, which is 49 bits.
CODE_LENGTH = 10


def new_token(prefix: str) -> str:
    """Return a new secret such as "yba_…"; the prefix says whose it is where one is found."""
    return f"{prefix}_{secrets.token_urlsafe(TOKEN_BYTES)}"


def digest(secret: str) -> str:
    """Return the SHA-256 of a secret in hexadecimal: all that is kept of it."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def new_code() -> str:
    """Return a new code for people, in two groups: "ABCDE-FGHJK"."""
    letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    return f"{letters[:5]}-{letters[5:]}"


def normal_code(typed: str) -> str:
    """Return a code as it is kept, however a person typed it."""
    return "".join(letter for letter in typed.upper() if letter in CODE_LETTERS)
