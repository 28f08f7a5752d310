"""What each verb prints with ``--json``, as JSON Schema: the one table of it."""

from psnet.cli.schemas.verbs import ANSWERS, Answer, verb_schema

__all__ = ["ANSWERS", "Answer", "verb_schema"]
