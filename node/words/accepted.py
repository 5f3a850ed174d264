"""Which of the languages we speak somebody accepts, as an HTTP header says it."""

from node.words import languages


def language_for(header: str, usual: str) -> str:
    """The best accepted language (RFC 9110 section 12.5.4); the `usual` one where we speak none of them."""
    weighed = []
    for part in header.split(","):
        tag, _, quality = part.partition(";q=")
        try:
            weighed.append((-float(quality or 1), tag.strip()[:2].lower()))
        except ValueError:
            continue
    accepted = (tag for weight, tag in sorted(weighed, key=lambda pair: pair[0]) if weight < 0)
    return next((tag for tag in accepted if tag in languages()), usual)
