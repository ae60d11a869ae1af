"""What `yingbi-server init` asks of publishing."""

from server.publishing.models import RootDocument

__all__ = ["make_keys"]


def make_keys() -> None:
    """Say how the signing keys are made: a person must be there, and take the root keys away."""
    if not RootDocument.objects.exists():
        print("Nothing can be published before there are keys:")  # noqa: T201  (a command's output)
        print("  yingbi-server keys init --to FOLDER")  # noqa: T201
