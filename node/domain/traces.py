"""Traces by which two entries are recognised as the same person. Leaves keyed hashing to whoever stores them."""

import unicodedata

from node.domain.person import Contact


def fold(text: str) -> str:
    """Lower case, accents removed, inner spaces single: how names and towns are compared."""
    plain = unicodedata.normalize("NFKD", text)
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).casefold().split())


def email_trace(email: str) -> str:
    """The trace of a whole e-mail address."""
    return f"email:{email.strip().casefold()}"


def phone_trace(phone: str) -> str:
    """The trace of a whole phone number, digits only; a Canadian number with or without its leading 1."""
    digits = "".join(c for c in phone if c.isdigit())
    return f"phone:{digits[1:] if len(digits) == NORTH_AMERICAN and digits.startswith('1') else digits}"


NORTH_AMERICAN = 11
SHORTEST = 3
LONGEST = 10


def name_traces(name: str) -> frozenset[str]:
    """Traces of the beginnings of every word of a name, from three letters on, and of the whole name."""
    words = fold(name).replace("-", " ").replace("'", " ").split()
    starts = {f"name:{w[:n]}" for w in words for n in range(min(SHORTEST, len(w)), min(LONGEST, len(w)) + 1)}
    return frozenset(starts | {whole_name_trace(name)})


def whole_name_trace(name: str) -> str:
    """The trace of a whole name."""
    return f"whole:{fold(name)}"


def is_whole(trace: str) -> bool:
    """Whether it is of a whole e-mail address, phone number or name, and of no mere beginning."""
    return not trace.startswith("name:")


def search_traces(text: str) -> frozenset[str]:
    """The traces a person must have all of to be found by `text`."""
    if "@" in text:
        return frozenset({email_trace(text)})
    if sum(c.isdigit() for c in text) > SHORTEST and not any(c.isalpha() for c in text):
        return frozenset({phone_trace(text)})
    words = fold(text).replace("-", " ").replace("'", " ").split()
    return frozenset(f"name:{word[:LONGEST]}" for word in words)


def traces(contact: Contact) -> frozenset[str]:
    """Every trace of a person."""
    found = set(name_traces(contact.name))
    if contact.email:
        found.add(email_trace(contact.email))
    if contact.phone:
        found.add(phone_trace(contact.phone))
    return frozenset(found)


def identity_traces(contact: Contact) -> frozenset[str]:
    """Traces that make two entries the same person: e-mail, else phone, else the whole name."""
    if contact.email:
        return frozenset({email_trace(contact.email)})
    if contact.phone:
        return frozenset({phone_trace(contact.phone)})
    return frozenset({whole_name_trace(contact.name)})
