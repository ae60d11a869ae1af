"""The base of all forms of the staff pages: fields that say what is wrong to every reader."""

from django import forms

from server.errors import ApplicationError

__all__ = ["PlainForm"]


class PlainForm(forms.Form):
    """A form that can also show what a service refused."""

    required_css_class = "is-required"

    def refuse(self, error: ApplicationError) -> None:
        """Show `error` above the form, or at the fields that its details name."""
        fields = error.details.get("fields")
        if not isinstance(fields, dict):
            self.add_error(None, error.message)
            return
        for name, messages in fields.items():
            self.add_error(name if name in self.fields else None, messages)
