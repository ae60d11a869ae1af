"""Background tasks for the tests of the worker."""

from django_tasks import task

#: What was done in this process.
DONE: list[str] = []


@task()
def note(word: str) -> str:
    """Remember a word."""
    DONE.append(word)
    return word


@task()
def fail() -> None:
    """Never succeed."""
    raise ValueError("as planned")
