"""How passwords are hashed: Argon2id with OWASP's figures, so that many logins at once stay small.

Django's own figures take 100 MiB for each login; 19 MiB and two passes are what OWASP asks for.
Old hashes are brought up to date at the next login.
"""

from django.contrib.auth.hashers import Argon2PasswordHasher

__all__ = ["Argon2"]


class Argon2(Argon2PasswordHasher):
    """Argon2id: 19 MiB, two passes, one lane."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
