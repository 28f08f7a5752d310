"""How much of the recordings the lab agrees with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet.lab.evidence import rules
from reality import claims, compare, markers

if TYPE_CHECKING:
    from rich.console import Console


def hosts(console: Console) -> int:
    """Print how much of what real hosts answered the simulated ones hold; 1 when something disagrees."""
    failed = claims_that_fail()
    missing = claims.missing()
    held = len({*claims.held()} - {*failed})
    console.print()
    console.print("The lab's hosts against recorded Windows hosts")
    console.print(
        f"claims held: {held} of {len(claims.claims())}, argued {len(claims.argued())}, "
        f"pending {len(claims.pending())}, failing {len(failed)}, open {len(missing)}"
    )
    answers = {name: compare.compared(name) for name in compare.situations()}
    agree = sum(not found for found in answers.values())
    console.print(f"records agreeing: {agree} of {len(answers)} comparable ({agree / len(answers):.0%})")
    unmarked = markers.unmarked_refusals()
    guesses = sum(rule.guessed for rule in rules())
    console.print(f"rules: {len(rules())}, guesses: {guesses}, refusals that name no rule: {len(unmarked)}")
    lines = [f"claim {name}  fails: {reason}" for name, reason in failed.items()]
    lines += [f"claim {name}  open: {claims.claims()[name]['claim']}" for name in missing]
    lines += [f"record {name}  {found[0]}" for name, found in answers.items() if found]
    lines += [f"refusal  names no rule: psnet/lab/{place}" for place in unmarked]
    for line in lines:
        console.print(line, soft_wrap=True, highlight=False, markup=False)
    return 1 if failed else 0


def claims_that_fail() -> dict[str, str]:
    """Run every proof; return the claims of those that fail with the first line of the reason."""
    reasons: dict[int, str] = {}
    for _, proof in claims.proofs():
        try:
            proof()
        except Exception as error:  # noqa: BLE001 - whatever breaks, the claim is not held
            text = str(error).strip().splitlines() or [""]
            reasons[id(proof)] = f"{proof.__module__}.{proof.__name__}: {type(error).__name__} {text[0]}"
    return {
        name: reasons[id(proof)] for name, several in claims.held().items() for proof in several if id(proof) in reasons
    }
