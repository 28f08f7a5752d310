"""Scripts made from a seed whose answers Python works out by itself: what the engine does with them is right or wrong.

Each has one line and one answer: whole numbers, texts, lists, formats, JSON; only what both languages say alike.
"""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

Case = tuple[str, str]
_WORDS = ("nat", "transparent", "l2bridge", "overlay", "web01", "db-2", "10.0.0.1", "vEthernet", "Port 80", "a b  c")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _sum(rng: random.Random) -> Case:
    one, two, three = (rng.randint(-999, 999) for _ in range(3))
    return f"{one} + {two} * ({three} - {one})".replace("- -", "- (-1) * "), str(one + two * (three - one))


def _remainder(rng: random.Random) -> Case:
    one, two = rng.randint(-5000, 5000), rng.randint(1, 60)
    left = abs(one) % two * (-1 if one < 0 else 1)
    return f"({one}) % {two}; [math]::Truncate(({one}) / {two})", f"{left}\n{int(one / two)}".replace("-0", "0")


def _bits(rng: random.Random) -> Case:
    one, two = rng.randint(0, 65535), rng.randint(0, 65535)
    place = rng.randint(0, 8)
    answer = f"{one & two}\n{one | two}\n{one ^ two}\n{(one >> place)}\n{(one & 255) << place}"
    return (
        f"{one} -band {two}; {one} -bor {two}; {one} -bxor {two}; {one} -shr {place}; ({one} -band 255) -shl {place}",
        answer,
    )


def _text(rng: random.Random) -> Case:
    text = rng.choice(_WORDS) + str(rng.randint(0, 99))
    at = rng.randint(0, len(text) - 1)
    size = rng.randint(0, len(text) - at)
    script = f"$t = {_quoted(text)}; $t.Substring({at}, {size}) + '|'; $t.PadLeft(14, '.'); $t.ToUpper().IndexOf('0')"
    return script, f"{text[at : at + size]}|\n{text.rjust(14, '.')}\n{text.upper().find('0')}"


def _joined(rng: random.Random) -> Case:
    words = [rng.choice(_WORDS) for _ in range(rng.randint(1, 5))]
    mark = rng.choice((";", ", ", "--"))
    listed = ", ".join(map(_quoted, words))
    first, rest = rng.randint(0, len(words) - 1), len(words) - 1
    script = (
        f"$l = @({listed}); $l -join {_quoted(mark)}; $l[{first}]; $l[-1]; $l.Count; ($l -join '|').Split('|').Length"
    )
    return script, "\n".join([mark.join(words), words[first], words[rest], str(len(words)), str(len(words))])


def _sorted(rng: random.Random) -> Case:
    numbers = [rng.randint(-50, 50) for _ in range(rng.randint(2, 9))]
    listed = ", ".join(map(str, numbers))
    script = f"$l = @({listed}); ($l | Sort-Object) -join ','; ($l | Sort-Object -Descending -Unique) -join ','"
    script += "; ($l | Measure-Object -Sum).Sum"
    return script, "\n".join(
        [
            ",".join(map(str, sorted(numbers))),
            ",".join(map(str, sorted(set(numbers), reverse=True))),
            str(sum(numbers)),
        ]
    )


def _filtered(rng: random.Random) -> Case:
    top, step, least = rng.randint(5, 40), rng.randint(2, 7), rng.randint(1, 20)
    kept = [number for number in range(1, top + 1) if number % step == 0 and number >= least]
    script = (
        f"(1..{top} | Where-Object {{ $_ % {step} -eq 0 -and $_ -ge {least} }} | ForEach-Object {{ $_ * 2 }}) -join ' '"
    )
    return script, " ".join(str(number * 2) for number in kept)


def _format(rng: random.Random) -> Case:
    number, width = rng.randint(0, 99999), rng.randint(1, 12)
    return (
        f"'{{0:x}}|{{0:D8}}|{{0,{width}}}|{{0,-{width}}}|' -f {number}; ({number}).ToString('X4')",
        f"{number:x}|{number:08d}|{number:>{width}}|{number:<{width}}|\n{number:04X}",
    )


def _json(rng: random.Random) -> Case:
    value = {"name": rng.choice(_WORDS), "ports": [rng.randint(1, 65535) for _ in range(2)], "on": rng.random() < 0.5}
    script = (
        f"[ordered]@{{ name = {_quoted(str(value['name']))}; ports = @({value['ports'][0]}, {value['ports'][1]}); "  # type: ignore[index]
        f"on = ${str(value['on']).lower()} }} | ConvertTo-Json -Compress"
    )
    text = json.dumps(value, separators=(",", ":"))
    return f"{script}; ({_quoted(text)} | ConvertFrom-Json).ports[1]", f"{text}\n{value['ports'][1]}"  # type: ignore[index]


def _table(rng: random.Random) -> Case:
    pairs = {f"k{number}": rng.randint(0, 9) for number in range(rng.randint(1, 5))}
    listed = "; ".join(f"{key} = {value}" for key, value in pairs.items())
    script = f"$h = [ordered]@{{ {listed} }}; $n = 0; foreach ($v in $h.Values) {{ $n += $v }}; $n; $h.Keys -join ','"
    script += "; $h.Contains('K0')"
    return script, f"{sum(pairs.values())}\n{','.join(pairs)}\nTrue"


def _loop(rng: random.Random) -> Case:
    top, stop = rng.randint(3, 30), rng.randint(1, 40)
    total = 0
    for number in range(top):
        if number == stop:
            break
        if number % 3:
            total += number
    body = f"if ($i -eq {stop}) {{ break }}; if ($i % 3 -eq 0) {{ continue }}; $t += $i"
    script = f"$t = 0; for ($i = 0; $i -lt {top}; $i++) {{ {body} }}; $t"
    return script, str(total)


def _switch(rng: random.Random) -> Case:
    word = rng.choice(("nat", "overlay", "l2bridge", "none"))
    table = {"nat": "WinNAT", "overlay": "VXLAN"}
    script = f"switch -Wildcard ('{word}') {{ 'nat' {{ 'WinNAT' }} 'over*' {{ 'VXLAN' }} default {{ \"<$_>\" }} }}"
    return script, table.get(word, f"<{word}>")


_MAKERS: tuple[Callable[[random.Random], Case], ...] = (
    *(_sum, _remainder, _bits, _text, _joined, _sorted, _filtered, _format, _json, _table, _loop, _switch),
)


def generated(count: int = 300, seed: int = 20) -> list[dict[str, str]]:
    """Return cases in the form of the recorded ones."""
    rng = random.Random(seed)
    found = []
    for number in range(count):
        maker = _MAKERS[number % len(_MAKERS)]
        script, answer = maker(rng)
        found.append({"id": f"g-{maker.__name__.strip('_')}-{number}", "script": script, "expect": answer})
    return found
