"""A form as a page serves it: its fields with the values a browser would send back unchanged."""

from html.parser import HTMLParser


class _Fields(HTMLParser):
    """Reads the fields of the form that has an action (or of the last one, where it has none)."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._action = action
        self._inside = False
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = told.get("action", "") == self._action
        if not self._inside:
            return
        if tag == "input" and (told.get("type") not in {"checkbox", "radio"} or "checked" in told):
            self._add(told.get("name", ""), told.get("value", ""))
        if tag == "select":
            self._select = told["name"]
        if tag == "option" and ("selected" in told or self._select not in self.fields):
            self.fields[self._select] = [told.get("value", "")]
        if tag == "textarea":
            self._area = told["name"]
            self._add(self._area, "")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "form"
        self._area = "" if tag == "textarea" else self._area

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area][-1] += data

    def _add(self, name: str, value: str) -> None:
        if name:
            self.fields.setdefault(name, []).append(value)


def served_fields(page: str, action: str = "") -> dict[str, list[str]]:
    """What a browser would send of the form with this action if nobody touched it."""
    reader = _Fields(action)
    reader.feed(page)
    assert reader.fields, f"no form {action!r}"
    return reader.fields
