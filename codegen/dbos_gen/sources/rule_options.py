"""What the user chose: ``[tool.dbos-gen.rules]`` of pyproject.toml."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from dbos_gen.sources.rule_overrides import Override, is_enabled
from dbos_gen.vocabulary.findings import OPTIONAL, Rule

_KEYS = ("enable", "disable", "nondeterministic", "deterministic", "overrides")
_OVERRIDE_KEYS = ("module", "disable")
_TABLE = "rules"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleOptions:
    """Checked options.

    ``nondeterministic`` maps dotted names to what to write instead; ``deterministic`` are names that are fine although
    the table says otherwise; ``disable`` are codes that are off everywhere, ``enable`` those optional ones that are on.
    """

    enable: frozenset[str] = frozenset()
    disable: frozenset[str] = frozenset()
    nondeterministic: Mapping[str, str] = field(default_factory=dict[str, str])
    deterministic: frozenset[str] = frozenset()
    overrides: tuple[Override, ...] = ()

    def with_codes(self, *, enable: Iterable[str] = (), disable: Iterable[str] = ()) -> RuleOptions:
        """Return these options with more codes switched on and off; one that is named in both is off."""
        return replace(self, enable=self.enable | frozenset(enable), disable=self.disable | frozenset(disable))

    def is_enabled(self, code: str, module: str) -> bool:
        """Whether findings with this code are reported in this module."""
        if code in OPTIONAL and code not in self.enable:
            return False
        return is_enabled(code, module, self.disable, self.overrides)

    def fingerprint(self) -> dict[str, object]:
        """Return all options as JSON data: what was found under others is not valid."""
        return {
            "enable": sorted(self.enable),
            "disable": sorted(self.disable),
            "nondeterministic": dict(sorted(self.nondeterministic.items())),
            "deterministic": sorted(self.deterministic),
            "overrides": [[override.module, sorted(override.disable)] for override in self.overrides],
        }


def read_options(value: object, problems: list[str]) -> RuleOptions:
    """Check the value of ``rules``; what is wrong is added to ``problems`` and left out."""
    if value is None:
        return RuleOptions()
    if not isinstance(value, dict):
        problems.append("`rules` is not a table; write it as [tool.dbos-gen.rules]")
        return RuleOptions()
    table = cast("dict[str, object]", value)
    problems.extend(_unknown(key, _TABLE, _KEYS) for key in table if key not in _KEYS)
    return RuleOptions(
        enable=codes(table.get("enable", []), f"{_TABLE}.enable", problems),
        disable=codes(table.get("disable", []), f"{_TABLE}.disable", problems),
        nondeterministic=_remedies(table.get("nondeterministic", {}), problems),
        deterministic=_names(table.get("deterministic", []), f"{_TABLE}.deterministic", problems),
        overrides=_overrides(table.get("overrides", []), problems),
    )


def codes(value: object, where: str, problems: list[str]) -> frozenset[str]:
    """Return a list of codes of rules as a set, reporting those that there are not."""
    known = [rule.value for rule in Rule]
    found = _names(value, where, problems)
    for code in sorted(found - set(known)):
        close = difflib.get_close_matches(code, known, n=1)
        advice = f"did you mean '{close[0]}'?" if close else f"the codes are {', '.join(known)}"
        problems.append(f"`{where}` names '{code}', which is no rule; {advice}")
    return found & set(known)


def _names(value: object, where: str, problems: list[str]) -> frozenset[str]:
    if not isinstance(value, list):
        problems.append(f"`{where}` is {value!r}; give a list of strings")
        return frozenset()
    found: set[str] = set()
    for entry in cast("list[object]", value):
        if isinstance(entry, str):
            found.add(entry)
        else:
            problems.append(f"`{where}` holds {entry!r}; give strings")
    return frozenset(found)


def _remedies(value: object, problems: list[str]) -> dict[str, str]:
    where = f"{_TABLE}.nondeterministic"
    example = '{ "shop.clock.now" = "read the clock in a step" }'
    if not isinstance(value, dict):
        problems.append(f"`{where}` is {value!r}; give a table of dotted names and remedies, for example {example}")
        return {}
    found: dict[str, str] = {}
    for name, remedy in cast("dict[str, object]", value).items():
        if isinstance(remedy, str):
            found[name] = remedy
        else:
            problems.append(
                f"`{where}` gives {remedy!r} for '{name}'; say what to write instead, for example {example}"
            )
    return found


def _overrides(value: object, problems: list[str]) -> tuple[Override, ...]:
    where = f"{_TABLE}.overrides"
    if not isinstance(value, list):
        problems.append(f"`{where}` is no list of tables; write [[tool.dbos-gen.rules.overrides]]")
        return ()
    found: list[Override] = []
    for entry in cast("list[object]", value):
        if not isinstance(entry, dict):
            problems.append(f"`{where}` holds {entry!r}; write [[tool.dbos-gen.rules.overrides]]")
            continue
        table = cast("dict[str, object]", entry)
        problems.extend(_unknown(key, where, _OVERRIDE_KEYS) for key in table if key not in _OVERRIDE_KEYS)
        module = table.get("module")
        if not isinstance(module, str):
            problems.append(f"`{where}` needs `module`, a name or pattern like 'shop.legacy.*'")
            continue
        found.append(Override(module=module, disable=codes(table.get("disable", []), f"{where}.disable", problems)))
    return tuple(found)


def _unknown(key: str, where: str, known: tuple[str, ...]) -> str:
    close = difflib.get_close_matches(key, known, n=1)
    advice = f"did you mean `{close[0]}`?" if close else f"known keys: {', '.join(known)}"
    return f"unknown key `{key}` in `{where}`; {advice}"
