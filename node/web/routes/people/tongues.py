"""Names of languages in the words of the visit; a language no table names is shown by its code."""

from collections.abc import Callable

from node.words import Words, catalogue


def tongue(say: Words) -> Callable[[str], str]:
    """Says a language by its code."""
    return lambda code: say(f"language.{code}") if f"language.{code}" in catalogue() else code


def languages(say: Words) -> list[tuple[str, str]]:
    """Codes and names of the languages we can name, by name."""
    codes = [code.removeprefix("language.") for code in catalogue() if code.startswith("language.")]
    return sorted(((code, say(f"language.{code}")) for code in codes), key=lambda pair: pair[1].casefold())
