from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from mof_oracle import REFUSED_FOR_SAFETY, WRITTEN_CORRECTLY, declaration, oracle_cases, ours, recorded

from psnet.mof import MofRefusal, compile_configuration, parse_mof

if TYPE_CHECKING:
    from psnet.mof import SchemaSet

CASES = {case["id"]: case for case in oracle_cases()}


def _compile(case: dict[str, Any], schemas: SchemaSet) -> dict[str, bytes]:
    result = compile_configuration(declaration(case), schemas)
    assert len(result.warnings) == len(case.get("warnings") or [])
    for document in result.documents:
        assert parse_mof(document.encode()) == list(document.instances)
    return {document.file: document.encode() for document in result.documents}


@pytest.mark.parametrize("name", CASES)
def test_a_recorded_configuration_compiles_to_the_same_documents_or_is_refused(name: str, schemas: SchemaSet) -> None:
    case = CASES[name]
    if name in WRITTEN_CORRECTLY:
        assert _compile(case, schemas)
        return
    refusal = REFUSED_FOR_SAFETY.get(name) or case.get("refusal_id")
    if refusal:
        with pytest.raises(MofRefusal) as caught:
            _compile(case, schemas)
        assert caught.value.refusal_id == refusal
        return
    written = _compile(case, schemas)
    expected = {document["file"]: document["instances"] for document in case.get("documents") or []}
    assert written.keys() == expected.keys()
    for file, data in written.items():
        assert ours(parse_mof(data)) == recorded(expected[file])


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.get("documents")])
def test_recorded_documents_are_read_as_recorded(name: str) -> None:
    for document in CASES[name]["documents"]:
        if "instances" in document and not document["file"].endswith(".error"):
            assert ours(parse_mof(document["mof"])) == recorded(document["instances"])
