"""The picture of a port's way: whatever a host is called and says, the document is well formed and shows all of it."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from psnet.checks.trace import Trace, TraceStep
from psnet.report.html import trace_html
from psnet.report.trace_svg import trace_svg

SVG = "{http://www.w3.org/2000/svg}"
WORDS = st.text(max_size=200)


@given(WORDS, st.lists(st.tuples(st.sampled_from(["open", "shut", "unknown"]), WORDS, WORDS), max_size=5))
def test_any_text_is_drawn_and_inert(host: str, steps: list[tuple[str, str, str]]) -> None:
    made = Trace(
        host=host,
        port=80,
        protocol="TCP",
        steps=tuple(
            TraceStep.model_validate({"kind": "nat", "verdict": verdict, "says": says, "evidence": evidence})
            for verdict, says, evidence in steps
        ),
    )
    root = ET.fromstring(trace_svg(made, "the end"))
    assert len(root.findall(f".//{SVG}rect[@class='box']")) == len(steps)
    assert not root.findall(f".//{SVG}script")
    page = trace_html(made, "the end")
    assert page.count("<script") == 0
    assert "\x1b" not in page


def test_no_word_is_cut() -> None:
    long = "a rule of a very long name " * 12
    made = Trace(
        host="h",
        port=80,
        protocol="TCP",
        steps=(TraceStep(kind="firewall", verdict="shut", says=long, evidence="rule 1"),),
    )
    shown = " ".join(item.text or "" for item in ET.fromstring(trace_svg(made, "shut")).iter(f"{SVG}text"))
    assert shown.count("a rule of a very long name") >= 11
    assert "✗ firewall" in shown
