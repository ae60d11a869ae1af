"""What can be wrong with a configuration: one problem, and the error that holds them all."""

from collections.abc import Sequence

from msgspec import Struct

__all__ = ["ConfigError", "ConfigProblem", "NotAllowed", "shown"]

#: No more of a bad value than this is repeated in a message.
_SHOWN_CHARACTERS = 60


class ConfigProblem(Struct, frozen=True):
    """One thing that is wrong: where, what, and what to do about it.

    `line` counts from 1 and is None where the whole file is meant; `key` is the dotted path and
    None where no key is to blame.  An *error* means that a value could not be used (the last good
    one or the default stands in); a *warning* means that everything meant could be used, or that
    something is there that nobody reads.
    """

    file: str
    what: str
    cure: str
    line: int | None = None
    key: str | None = None
    is_error: bool = True

    def __str__(self) -> str:
        """Return one sentence, in the form that editors jump to: `file:line: key: what; cure`."""
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        subject = f"{where}: {self.key}" if self.key else where
        return f"{subject}: {self.what}; {self.cure}"


class ConfigError(Exception):
    """A configuration cannot be used as it is; `problems` says all that is wrong with it."""

    def __init__(self, problems: Sequence[ConfigProblem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class NotAllowed(ValueError):  # noqa: N818  (reads as a sentence: raise NotAllowed("is empty"))
    """A rule refuses a value; the message goes on after it ("is out of range")."""


def shown(value: object) -> str:
    """Return a bad value as it may be repeated in a message: as TOML has it, short, on one line."""
    import json  # 2 ms of a cold start, needed only for a mistake

    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except (RecursionError, ValueError):  # a number of thousands of digits
        text = f"a huge {type(value).__name__}"
    if not text.isprintable():
        text = ascii(text)
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"
