"""What a password must be: long, not common, not one's own name.  The rest is left to people."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from server.accounts.models import Staff
from server.errors import Invalid
from server.sentences import of_validation

__all__ = ["MAX_PASSWORD_CHARACTERS", "checked_password"]

#: A longer password is refused: hashing it would be work for nothing.
MAX_PASSWORD_CHARACTERS = 512


def checked_password(password: str, staff: Staff) -> str:
    """Return the password, or raise `Invalid` with everything that is wrong with it."""
    if len(password) > MAX_PASSWORD_CHARACTERS:
        raise Invalid(
            "A password has at most %(most)d characters.", values={"most": MAX_PASSWORD_CHARACTERS}
        )
    try:
        validate_password(password, staff)
    except ValidationError as error:
        why = of_validation(error)
        raise Invalid(why, code="PASSWORD_REFUSED", details={"password": why}) from error
    return password
