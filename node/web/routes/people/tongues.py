"""The languages people can be sifted by and choose from, in the words of the visit."""

from node.words import Words, catalogue


def languages(say: Words) -> list[tuple[str, str]]:
    """Codes and names of the languages we can name, by name."""
    codes = [code.removeprefix("language.") for code in catalogue() if code.startswith("language.")]
    return sorted(((code, say(f"language.{code}")) for code in codes), key=lambda pair: pair[1].casefold())
