"""A form as a page serves it: its fields with the values a browser would send back unchanged."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_BOXES = {"checkbox", "radio"}


@dataclass(slots=True)
class ServedForm:
    """One form of a page."""

    action: str
    posts: bool
    fields: dict[str, list[str]] = field(default_factory=dict)
    """What a browser would send if nobody touched it."""
    offered: dict[str, str] = field(default_factory=dict)
    """Fields whose values the page chooses (lists, boxes, hidden ones), each with the first of them."""
    lists: set[str] = field(default_factory=set)
    """Those of which exactly one value is chosen."""


class _Forms(HTMLParser):
    """Reads every form of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[ServedForm] = []
        self._open: ServedForm | None = None
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = ServedForm(told.get("action", ""), told.get("method") == "post")
            self.found.append(self._open)
        elif self._open and (tag == "option" or told.get("name")):
            self._field(self._open, tag, told)

    def handle_endtag(self, tag: str) -> None:
        self._open = None if tag == "form" else self._open
        self._area = "" if tag == "textarea" else self._area

    def handle_data(self, data: str) -> None:
        if self._area and self._open:
            self._open.fields[self._area][-1] += data

    def _field(self, form: ServedForm, tag: str, told: dict[str, str]) -> None:
        name, value = told.get("name", ""), told.get("value", "")
        if tag == "input":
            self._input(form, name, value, told)
        elif tag == "select":
            self._select = name
            form.lists.add(name)
        elif tag == "option":
            if "selected" in told or self._select not in form.fields:
                form.fields[self._select] = [value]
            form.offered[self._select] = form.offered.get(self._select) or value
        elif tag == "textarea":
            self._area = name
            form.fields.setdefault(name, []).append("")

    def _input(self, form: ServedForm, name: str, value: str, told: dict[str, str]) -> None:
        kind = told.get("type", "text")
        if kind not in _BOXES or "checked" in told:
            form.fields.setdefault(name, []).append(value)
        if kind in _BOXES or kind == "hidden":
            form.offered.setdefault(name, value)
        if kind == "radio":
            form.lists.add(name)


def served_forms(page: str) -> list[ServedForm]:
    """Every form of a page."""
    reader = _Forms()
    reader.feed(page)
    return reader.found


def served_fields(page: str, action: str = "") -> dict[str, list[str]]:
    """What a browser would send of the form with this action (of the last one, where there are several) if nobody
    touched it.
    """
    found = [form.fields for form in served_forms(page) if form.action == action and form.fields]
    assert found, f"no form {action!r}"
    return found[-1]
