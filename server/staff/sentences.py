"""Sentences of services that pages show in the reader's language, though services say them plainly.

`forms.PlainForm.refuse` looks them up; here they are only named, so that they are translated.  A
test holds every one against the services: one that is not said any more fails it.
"""

from django.utils.translation import gettext_noop as _

__all__ = ["SENTENCES"]

SENTENCES = (
    _("The name or the password is wrong, or the account is closed."),
    _("The present password is wrong."),
    _("The programme was changed after you looked at it: look again."),
    _("No box shows this code now: look at the screen again; codes change."),
    _("Too many wrong codes: wait a quarter of an hour, then type what the screen shows."),
    _("This is the last administrator; make another one first."),
    _("Only an administrator of everything grants a role everywhere."),
    _("Nobody makes themselves auditor; ask another administrator."),
    _("This account has rights beyond your own; ask an administrator of everything."),
)
