"""What ansible-playbook says of the playbooks in oracle/, and how it is brought to a form that can be compared.

``python tests/playbook/ansible_oracle.py`` writes oracle/recorded.json anew, with the ansible-core that is installed.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

ORACLE = Path(__file__).parent / "oracle"
RECORD = ORACLE / "recorded.json"
ENTRY = re.compile(r"(ok|changed|skipping|fatal|failed|included|FAILED - RETRYING|\[ERROR\])")
RUNS = {
    "language": ["language.yml", "-e", "extra=cli"],
    "includes": ["includes.yml"],
    "includes2": ["includes2.yml"],
    "fatal": ["fatal.yml"],
    "rescued_fatal": ["rescued_fatal.yml"],
    "percentage": ["percentage.yml"],
    "batch": ["batch.yml"],
    "tags_one": ["tags.yml", "--tags", "one"],
    "tags_skip": ["tags.yml", "--skip-tags", "both,always"],
    "tags_never": ["tags.yml", "--tags", "secret"],
    "tags_tagged": ["tags.yml", "--tags", "untagged,play"],
    "start": ["tags.yml", "--start-at-task", "two"],
    "check": ["batch.yml", "--check", "--limit", "a:c"],
}
Sections = list[tuple[str, list[str]]]


def sections(text: str) -> Sections:
    """Return (banner, what was said under it, in an order that does not depend on which host was quicker)."""
    found: Sections = []
    for line in text.splitlines():
        banner = re.fullmatch(r"(.*) \*{3,}", line)
        if banner:
            found.append((banner[1].replace(" [CHECK MODE]", ""), []))
        elif not line.strip() or not found:
            continue
        elif ENTRY.match(line) or found[-1][0] == "PLAY RECAP" or line == "...ignoring":
            found[-1][1].append(line.rstrip())
        elif found[-1][1] and not found[-1][1][-1].startswith(("fatal", "failed", "[ERROR]")):
            found[-1][1][-1] += " " + line.strip()
    told = [
        (banner, sorted(plain(each) for each in said if not each.startswith("[ERROR]")))
        for banner, said in found
        if "[meta" not in banner  # ansible-core shows some meta tasks once a host
    ]
    return [item for place, item in enumerate(told) if not place or item != told[place - 1] or item[1]]


def plain(entry: str) -> str:
    """Return an entry without what may differ: a failure's own words, paths, the result of a try."""
    entry = re.sub(r"^(fatal|failed)(.*?) => .*", r"\1\2", entry)
    entry = re.sub(r"^(FAILED - RETRYING.*left\)\.).*", r"\1", entry)
    entry = re.sub(r"included: \S*/(\S+) for", r"included: \1 for", entry)
    return re.sub(r"^(included: \S+ for )(.*?)( =>.*)?$", lambda m: m[1] + ", ".join(sorted(m[2].split(", "))), entry)


def ask_ansible(words: list[str]) -> tuple[Sections, int]:
    """Return what ansible-playbook says, and its exit code."""
    env = {**os.environ, "ANSIBLE_NOCOLOR": "1", "ANSIBLE_FORKS": "3"}
    command = [str(Path(sys.executable).parent / "ansible-playbook"), *words, "-i", "ansible.ini"]
    done = subprocess.run(command, cwd=ORACLE, capture_output=True, text=True, check=False, env=env)
    return sections(done.stdout), done.returncode


if __name__ == "__main__":
    recorded = {name: ask_ansible(words) for name, words in RUNS.items()}
    RECORD.write_text(json.dumps(recorded, indent=1) + "\n", encoding="utf-8")
