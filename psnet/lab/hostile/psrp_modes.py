"""What a hostile host does once a pipeline runs: one generator a mode, which yields PSRP messages or raw bytes."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, uuid4

from psrpcore._payload import create_fragment, create_message
from psrpcore.types import PSRPMessageType as Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

#: One answer's worth of fragments; None lets the client's Receive time out.
Answers = Iterator["bytes | None"]
_FRAGMENT: Final = struct.Struct(">QQBI")
_PIECE: Final = 32 * 1024
_HUGE: Final = 320 * 1024 * 1024
_DEEP: Final = 20_000
_LEVELS: Final = 64


class Pipeline:
    """The messages of one pipeline, as fragments."""

    def __init__(self, pool: UUID, pipeline: UUID) -> None:
        self._pool = pool
        self._pipeline = pipeline
        self._object = 1000

    def message(self, kind: Any, clixml: str, *, pipeline: UUID | None = None) -> bytes:
        """Return a message in one fragment."""
        whole = create_message(False, kind, clixml.encode(), self._pool, pipeline or self._pipeline)  # noqa: FBT003 - psrpcore's
        self._object += 1
        return create_fragment(self._object, 0, whole, True)  # noqa: FBT003 - psrpcore's

    def output(self, clixml: str) -> bytes:
        """Return an object of the output."""
        return self.message(Kind.PipelineOutput, clixml)

    def ended(self, state: str = "<I32 N='PipelineState'>4</I32>") -> bytes:
        """Return the message that the pipeline has completed."""
        return self.message(Kind.PipelineState, f'<Obj RefId="0"><MS>{state}</MS></Obj>')

    def begun(self, size: int) -> tuple[int, bytes]:
        """Return the id and the beginning of an object that has ``size`` bytes more to come."""
        self._object += 1
        head = create_message(False, Kind.PipelineOutput, b"<S>", self._pool, self._pipeline)  # noqa: FBT003 - psrpcore's
        return self._object, _FRAGMENT.pack(self._object, 0, 1, len(head) + size) + head + b"x" * size


def _endless_output(pipeline: Pipeline) -> Answers:
    """Send objects without end."""
    block = pipeline.output("<S>the same again</S>") * 2000
    while True:
        yield block


def _endless_progress(pipeline: Pipeline) -> Answers:
    """Send progress without end."""
    record = '<Obj RefId="0"><MS><S N="Activity">working</S><I32 N="PercentComplete">1</I32></MS></Obj>'
    block = pipeline.message(Kind.ProgressRecord, record) * 1000
    while True:
        yield block


def _endless_errors(pipeline: Pipeline) -> Answers:
    """Send errors without end."""
    record = '<Obj RefId="0"><MS><S N="ErrorCategory_Message">no</S><S N="FullyQualifiedErrorId">No</S></MS></Obj>'
    block = pipeline.message(Kind.ErrorRecord, record) * 1000
    while True:
        yield block


def _never_ends(pipeline: Pipeline) -> Answers:
    """Run for ever and say nothing."""
    del pipeline
    while True:
        yield None


def _trickle(pipeline: Pipeline) -> Answers:
    """Send an object with each answer, for ever."""
    while True:
        yield pipeline.output("<S>still here</S>")
        yield None


def _huge_object(pipeline: Pipeline) -> Answers:
    """Send one text of 320 MB, in fragments."""
    number, first = pipeline.begun(_PIECE)
    yield first
    piece = b"x" * _PIECE
    for index in range(1, _HUGE // _PIECE, 8):
        yield b"".join(_FRAGMENT.pack(number, index + at, 0, _PIECE) + piece for at in range(8))
    yield _FRAGMENT.pack(number, _HUGE // _PIECE + 8, 2, 4) + b"</S>" + pipeline.ended()


def _endless_objects(pipeline: Pipeline) -> Answers:
    """Begin objects that never end, ever more of them."""
    while True:
        yield b"".join(pipeline.begun(4096)[1] for _ in range(32))


def _deep_object(pipeline: Pipeline) -> Answers:
    """Send 20,000 objects in one another."""
    opened = "".join(f'<Obj RefId="{n}"><LST>' for n in range(_DEEP))
    yield pipeline.output(f"{opened}{'</LST></Obj>' * _DEEP}") + pipeline.ended()


def _cycle(pipeline: Pipeline) -> Answers:
    """Send an object that holds itself."""
    made = '<Obj RefId="0"><MS><S N="Name">me</S><Ref N="Self" RefId="0" /></MS></Obj>'
    yield pipeline.output(made) + pipeline.ended()


def _references(pipeline: Pipeline) -> Answers:
    """Send 64 lists, each with the one before it twice: 2^64 values."""
    lists = "".join(
        f'<Obj RefId="{n}"><LST>{f"""<Ref RefId="{n - 1}" />""" * 2 if n else "<S>x</S>"}</LST></Obj>'
        for n in range(_LEVELS)
    )
    yield pipeline.output(f'<Obj RefId="{_LEVELS}"><LST>{lists}</LST></Obj>') + pipeline.ended()


def _large_texts(pipeline: Pipeline) -> Answers:
    """Send texts of 1 MB without end."""
    block = pipeline.output(f"<S>{'x' * 1024 * 1024}</S>")
    while True:
        yield block


def _wide_object(pipeline: Pipeline) -> Answers:
    """Send a list of 400,000 objects, in 6 MB."""
    yield pipeline.output(f'<Obj RefId="0"><LST>{"<Obj><MS/></Obj>" * 400_000}</LST></Obj>') + pipeline.ended()


def _cut_fragment(pipeline: Pipeline) -> Answers:
    """Send a fragment that says it is longer than the answer."""
    whole = pipeline.output("<S>cut</S>")
    yield whole[:-4]


def _stray_fragment(pipeline: Pipeline) -> Answers:
    """Send a fragment without its beginning."""
    del pipeline
    yield _FRAGMENT.pack(77, 3, 0, 4) + b"lost"


def _broken_clixml(pipeline: Pipeline) -> Answers:
    """Send what is no XML."""
    yield pipeline.output("<Obj RefId='0'><MS><S N='a'>\x00<<</MS>") + pipeline.ended()


def _wrong_values(pipeline: Pipeline) -> Answers:
    """Send numbers, dates and states that are none."""
    wrong = "".join(
        f"<{tag} N='{tag}'>{text}</{tag}>"
        for tag, text in (
            ("I32", "9" * 100_000),
            ("DT", "9999-99-99T99:99:99"),
            ("D", "1E+999999999"),
            ("C", "99999999999"),
            ("G", "no-guid"),
            ("BA", "%%%"),
            ("TS", "P" + "9" * 400 + "D"),
        )
    )
    yield pipeline.output(f'<Obj RefId="0"><MS>{wrong}</MS></Obj>')
    yield pipeline.ended("<S N='PipelineState'>\x1b[2JCompleted</S>".replace("\x1b", "_x001B_"))


def _other_pipeline(pipeline: Pipeline) -> Answers:
    """Send output without end of a pipeline that nobody started."""
    block = pipeline.message(Kind.PipelineOutput, "<S>not yours</S>", pipeline=uuid4()) * 2000
    while True:
        yield block


def _control_characters(pipeline: Pipeline) -> Answers:
    """Send text that would move a cursor, name a window, or turn a line round."""
    said = "_x001B_[2J_x001B_]0;owned_x0007_\u202egnp.exe"
    error = (
        f'<Obj RefId="0"><MS><S N="ErrorCategory_Message">{said}</S><S N="FullyQualifiedErrorId">{said}</S></MS></Obj>'
    )
    yield pipeline.output(f"<S>{said}</S>") + pipeline.message(Kind.ErrorRecord, error) + pipeline.ended()


MODES: Final[dict[str, Callable[[Pipeline], Answers]]] = {
    "endless-output": _endless_output,
    "endless-progress": _endless_progress,
    "endless-errors": _endless_errors,
    "endless-objects": _endless_objects,
    "never-ends": _never_ends,
    "trickle": _trickle,
    "huge-object": _huge_object,
    "large-texts": _large_texts,
    "wide-object": _wide_object,
    "deep-object": _deep_object,
    "cycle": _cycle,
    "references": _references,
    "cut-fragment": _cut_fragment,
    "stray-fragment": _stray_fragment,
    "broken-clixml": _broken_clixml,
    "wrong-values": _wrong_values,
    "other-pipeline": _other_pipeline,
    "control-characters": _control_characters,
}
#: Modes that lie about the WSMan around it.
WSMAN_MODES: Final[Sequence[str]] = ("other-answer", "endless-pool")
