"""Why a delivery fails: said to administrators beside the endpoint, and in the journal."""

__all__ = ["AddressRefused", "DeliveryFailed"]


class DeliveryFailed(Exception):  # noqa: N818  (named after its cause)
    """It did not arrive; the message is one sentence.  `status`: the HTTP status, if one came."""

    def __init__(self, sentence: str, status: int | None = None) -> None:
        super().__init__(sentence)
        self.status = status


class AddressRefused(DeliveryFailed):
    """The address is inside our own network, and the settings do not allow it."""
