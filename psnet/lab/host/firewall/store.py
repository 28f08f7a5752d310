"""The persistent store: every rule by its name, and the profiles.

No source gives the ids for malformed ports, addresses, protocols or texts: Win32 error 87 stands in for them.
A rule that is not there is error 2, as [MS-FASP] RRPC_FWSetFirewallRule answers.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from psnet.lab.dotnet.wildcard import like
from psnet.lab.host.firewall.builtin import built_in_rules
from psnet.lab.host.firewall.checks import canonical, check_rule
from psnet.lab.host.firewall.profiles import Profile, fresh_profiles
from psnet.lab.host.firewall.registry import KEY, rule_text
from psnet.lab.host.firewall.rule import Rule
from psnet.lab.host.refusal import win32

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from psnet.lab.host.ids import Ids


class Firewall:
    """The rules and profiles of one host; ``rules`` are by lower-case name.

    ``aliases`` gives the names of the host's interfaces: the store holds interfaces by their identifier, so a
    rule can only name those that are there. Every refused operation changes nothing and raises HostRefusal.
    """

    key: ClassVar[str] = KEY

    def __init__(self, ids: Ids, culture: str = "en-US", *, aliases: Callable[[], Iterable[str]] | None = None) -> None:
        self._ids = ids
        self._aliases = aliases
        self.culture = culture
        self.rules: dict[str, Rule] = {rule.name.lower(): rule for rule in built_in_rules()}
        self.profiles: dict[str, Profile] = fresh_profiles()
        self.changed: Callable[[], None] = lambda: None  # told when a rule or a profile is another

    def find(self, name: str) -> Rule:
        """Return the rule of a name; error 2 where there is none."""
        rule = self.rules.get(name.lower())
        if rule is None:
            raise win32(2, self.culture)  # rule: firewall-no-such-rule
        return rule

    def create(self, values: dict[str, Any]) -> Rule:
        """Make a rule from field values; a name that exists is refused with Win32 error 183."""
        made = self._canonical(values)
        name = made.get("name") or "{" + self._ids.guid() + "}"
        if name.lower() in self.rules:
            raise win32(183, self.culture)  # rule: firewall-name-taken
        return self._put(Rule(**(made | {"name": name})))

    def change(self, rule: Rule, values: dict[str, Any]) -> Rule:
        """Change fields of a rule other than its name and return the rule as it is then."""
        self.find(rule.name)
        return self._put(replace(rule, **self._canonical(values)))

    def remove(self, rule: Rule) -> None:
        """Remove a rule."""
        del self.rules[self.find(rule.name).name.lower()]
        self.changed()

    def rename(self, rule: Rule, name: str) -> Rule:
        """Give a rule another name; a name that exists is refused with Win32 error 183."""
        self.find(rule.name)
        made = self.copy(rule, name)
        del self.rules[rule.name.lower()]
        return made

    def copy(self, rule: Rule, name: str) -> Rule:
        """Make a rule like another one."""
        if name.lower() in self.rules:
            raise win32(183, self.culture)  # rule: firewall-name-taken
        return self._put(replace(rule, **self._canonical({"name": name})))

    def change_profile(self, name: str, values: dict[str, Any]) -> Profile:
        """Change settings of a profile."""
        try:
            self.profiles[name] = changed = self.profiles[name].changed(values)
        except ValueError:
            raise win32(87, self.culture) from None  # rule: firewall-values
        self.changed()
        return changed

    def texts(self, build: int, interfaces: Mapping[str, str]) -> dict[str, str]:
        """Return what the registry holds: the rules' texts by their names."""
        return {rule.name: rule_text(rule, build, interfaces) for rule in self.rules.values()}

    def _put(self, rule: Rule) -> Rule:
        try:
            check_rule(rule)
        except ValueError:
            raise win32(87, self.culture) from None  # rule: firewall-values
        self.rules[rule.name.lower()] = rule
        self.changed()
        return rule

    def _canonical(self, values: dict[str, Any]) -> dict[str, Any]:
        try:
            made = canonical(values)
            if "interface_alias" in made:
                made["interface_alias"] = self._interfaces(made["interface_alias"])
        except ValueError:
            raise win32(87, self.culture) from None  # rule: firewall-values
        return made

    def _interfaces(self, patterns: list[str]) -> list[str]:
        if patterns == ["Any"] or self._aliases is None:
            return patterns
        there = list(self._aliases())
        found: dict[str, None] = {}
        for pattern in patterns:
            named = [name for name in there if name.lower() == pattern.lower()]
            matching = named or [name for name in there if like(name, pattern)]
            if not matching:
                raise ValueError(pattern)
            found |= dict.fromkeys(matching)
        return list(found)

    # -- plain data ------------------------------------------------------------------------------

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data."""
        return {
            "rules": [rule.to_dict() for rule in self.rules.values()],
            "profiles": [item.to_dict() for item in self.profiles.values()],
        }

    @classmethod
    def from_dict(
        cls,
        data: dict[str, Any],
        ids: Ids,
        culture: str = "en-US",
        *,
        aliases: Callable[[], Iterable[str]] | None = None,
    ) -> Firewall:
        """Return the firewall that ``to_dict`` wrote."""
        firewall = cls(ids, culture, aliases=aliases)
        rules = [Rule.from_dict(item) for item in data["rules"]]
        firewall.rules = {rule.name.lower(): rule for rule in rules}
        firewall.profiles = {item["name"]: Profile(**item) for item in data["profiles"]}
        return firewall
