"""The program's rules in a file a person can read and edit: `matching.toml` in the data folder."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TypeVar

from federation.ground.files import write_atomically
from node.domain.matching.rules import Drafting, Limits, Rules, UnreadableRulesError, Weights

FILE = "matching.toml"
_REMARKS = {
    "weights": "What each criterion weighs beside the others; 0 switches it off.",
    "limits": "What is asked of people before anything is weighed.",
    "drafts": "How drafts are made.",
    "language_level": "the least level, from 4 to 12, of the best language two people share",
    "in_person_km": "how far apart two people may live who meet in person",
    "same_pair_again": "whether two who met before may be suggested to each other again",
    "eligible_level": "the least level of English or French a mentee must have; 0 asks for none",
    "eligible_years": "how many years ago a mentee may have arrived at most; 0 does not ask",
    "similar_percent": "how similar another occupation must be for a pair of a draft",
    "second_person": "whether somebody else must sign a draft off before it is published",
    "local_seats_percent": "how many of a mentor's free seats a draft keeps for her own community",
}
_Section = TypeVar("_Section", Weights, Limits, Drafting)


@dataclass(frozen=True, slots=True)
class RuleFile:
    """The file of rules."""

    path: Path

    def read(self) -> Rules:
        """The rules in force; the usual ones where there is no file."""
        try:
            return self.parse(self.path.read_text("utf-8"))
        except FileNotFoundError:
            return Rules()
        except UnicodeDecodeError as error:
            raise UnreadableRulesError(rule=FILE) from error

    def parse(self, text: str) -> Rules:
        """Rules as people write them; what they leave out is as usual."""
        try:
            found = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise UnreadableRulesError(rule=FILE) from error
        sections = {"weights", "limits", "drafts"}
        for name in sorted(found.keys() - sections):
            raise UnreadableRulesError(rule=name)
        return Rules(
            weights=_section(Weights, "weights", found),
            limits=_section(Limits, "limits", found),
            drafts=_section(Drafting, "drafts", found),
        )

    def text(self, rules: Rules) -> str:
        """Rules as `parse` reads them, each with a word on what it does."""
        lines = []
        for name, section in (("weights", rules.weights), ("limits", rules.limits), ("drafts", rules.drafts)):
            lines += [f"# {_REMARKS[name]}", f"[{name}]"]
            for rule in fields(section):
                value = str(getattr(section, rule.name)).lower()
                remark = f"  # {_REMARKS[rule.name]}" if rule.name in _REMARKS else ""
                lines.append(f"{rule.name} = {value}{remark}")
            lines.append("")
        return "\n".join(lines)

    def write(self, rules: Rules) -> None:
        """Keep these from now on."""
        write_atomically(self.path, self.text(rules).encode())


def _section(kind: type[_Section], name: str, found: Mapping[str, object]) -> _Section:
    """One section, each value of the type its rule has."""
    values = found.get(name, {})
    if not isinstance(values, dict):
        raise UnreadableRulesError(rule=name)
    usual = kind()
    known = {rule.name: type(getattr(usual, rule.name)) for rule in fields(kind)}
    for rule, value in values.items():
        if rule not in known or type(value) is not known[rule]:
            raise UnreadableRulesError(rule=f"{name}.{rule}")
    return kind(**values)
