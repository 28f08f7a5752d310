"""How a run goes over its hosts, as a value that the journal keeps and a resumed run takes again."""

from __future__ import annotations

from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, model_validator

from psnet._internal.model import Model
from psnet._internal.validation_messages import explain_error
from psnet.errors import InputError
from psnet.fleet.batches import Order, check_limit, check_serial

MOST_FORKS = 500


class RunOptions(Model):
    """Forks, batches, limits, order, and where hosts are worked on; the text of each is as on the command line."""

    forks: int = Field(default=10, ge=1, le=MOST_FORKS, description="how many hosts at once, over all processes")
    serial: str | None = Field(default=None, description="sizes of batches: 5, 20% or 1,25%,100%")
    max_fail: str | None = Field(
        default=None, description="begin no further host after more failures: a number of the run, or % of a batch"
    )
    order: Order = "inventory"
    canary: bool = Field(default=False, description="one host first, and no other when it fails")
    first: tuple[str, ...] = Field(default=(), description="hosts that must be done before any other is begun")
    last: tuple[str, ...] = Field(default=(), description="hosts that are begun when all others are done")
    executor: str = Field(default="threads", description="threads, processes, processes:N, dask://host:port")

    @model_validator(mode="after")
    def _spelled(self) -> Self:
        check_serial(self.serial)
        check_limit(self.max_fail)
        executor_of(self.executor)
        return self


def run_options(**given: object) -> RunOptions:
    """Return options for what a command line gave; raise InputError that names what is wrong."""
    try:
        return RunOptions.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = "-".join(str(part) for part in first["loc"]).replace("_", "-")
        raise InputError(
            f"--{name} {first.get('input')}: {explain_error(first)[0]}",
            remedy="see psnet apply --help",
        ) from None


def executor_of(text: str) -> tuple[Literal["threads", "processes", "dask"], int | str]:
    """Return the kind of an executor and its number of processes (0: one a processor) or its address.

    Raises InputError for what is none.
    """
    word, _, number = text.partition(":")
    if text == "threads":
        return "threads", 0
    if word == "processes" and (not number or (number.isdecimal() and int(number) > 0)):
        return "processes", int(number or 0)
    if word in ("dask", "dask+tls"):
        parts = urlsplit(text)
        if parts.hostname and parts.port:
            return "dask", text
    raise InputError(
        f"--executor {text} is no executor",
        remedy="one of threads, processes, processes:4, dask://scheduler:8786, dask+tls://scheduler:8786",
    )
