"""One resource, one declaration: rows of a model that scripts list, look at, make, change, delete.

A module of this package says what a resource is (its structs, how a row becomes its value) and what
is peculiar to making, changing and deleting it; what is the same for all of them is here.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db.models import Model
from msgspec import UNSET, Struct

from server.accounts.policy import Act
from server.api.interface import Call, Operation
from server.api.reading import BEFORE, found, page_of, visible

__all__ = ["Resource", "sent"]

M = TypeVar("M", bound=Model)


def sent(body: Struct, *names: str) -> dict[str, Any]:
    """Return those of the named fields of a change that were sent."""
    return {name: value for name in names if (value := getattr(body, name)) is not UNSET}


class Resource(Generic[M]):
    """The rows of `model`, which paths and operations call `name`.

    `value` makes of a row what scripts are told, an `answer`; `listing` is a struct of one page of
    answers and the `before` of the next.  To change rows takes the right `act`.
    """

    def __init__(
        self,
        model: type[M],
        name: str,
        act: Act,
        *,
        value: Callable[[M], Any],
        answer: type[Struct],
        listing: Callable[[list[Any], int | None], Struct],
        path: str = "",
    ) -> None:
        self._model, self._name, self._act = model, name, act
        self._value, self._answer, self._listing = value, answer, listing
        self._path = path or f"{name}s/"
        self._one = f"{self._path}<int:{name}>/"

    def row(self, call: Call, pk: int) -> M:
        """Return the row of this key, if it is in the actor's reach.  Raises `NotFound`."""
        return found(visible(call, self._model), pk, self._name)

    def list(self, summary: str) -> Operation:
        """GET all in reach, the newest first, page by page."""

        def listed(call: Call) -> Any:
            rows, following = page_of(call, visible(call, self._model))
            return self._listing([self._value(each) for each in rows], following)

        return Operation(
            "GET", self._path, f"{self._name}_list", listed, summary,
            answer=self._listing, parameters=(BEFORE,),
        )  # fmt: skip

    def create(self, make: Callable[[Call], M], body: type[Struct], summary: str) -> Operation:
        """POST a new one; `make` makes its row of the call's body."""

        def created(call: Call) -> Any:
            return self._value(make(call))

        return Operation(
            "POST", self._path, f"{self._name}_create", created, summary, body, self._answer, 201,
            act=self._act,
        )  # fmt: skip

    def look(self, summary: str) -> Operation:
        """GET one."""

        def looked(call: Call, **key: int) -> Any:
            return self._value(self.row(call, key[self._name]))

        return Operation(
            "GET", self._one, f"{self._name}_look", looked, summary, answer=self._answer
        )

    def change(self, change: Callable[[Call, M], M], body: type[Struct], summary: str) -> Operation:
        """PATCH one; `change` returns the row as it is afterwards."""

        def changed(call: Call, **key: int) -> Any:
            return self._value(change(call, self.row(call, key[self._name])))

        return Operation(
            "PATCH", self._one, f"{self._name}_change", changed, summary, body, self._answer,
            act=self._act,
        )  # fmt: skip

    def delete(self, delete: Callable[[Call, M], None], summary: str) -> Operation:
        """DELETE one."""

        def deleted(call: Call, **key: int) -> None:
            delete(call, self.row(call, key[self._name]))

        return Operation(
            "DELETE", self._one, f"{self._name}_delete", deleted, summary, act=self._act
        )
