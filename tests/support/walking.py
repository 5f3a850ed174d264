"""Walks over pages in a browser that runs no script: finds their forms, fills them in and sends them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import FastAPI
from playwright.sync_api import Error, Page, Response

from federation.ground.routes import share_routes
from node.web.app import ROOMS
from tests.support.waiting import wait_until

_FORMS = """
() => [...document.forms].filter(form => form.method === 'post').map(form => [
  new URL(form.action).pathname,
  [...form.elements].filter(e => e.type === 'hidden' && /^[a-z_]{1,20}$/.test(e.value)).map(e => e.value).join(' '),
  [...form.elements].some(e => e.name && !['hidden', 'submit'].includes(e.type)) ? 'asks' : '',
])
"""
_LINKS = "() => [...document.querySelectorAll('a[href^=\"/\"]')].map(a => a.getAttribute('href'))"
_FILL = """
([number, values, filled, trap]) => {
  const form = [...document.forms].filter(form => form.method === 'post')[number];
  for (let one = form.closest('details'); one; one = one.parentElement.closest('details')) one.open = true;
  form.noValidate = true;
  const groups = new Set();
  for (const e of form.elements) {
    const choice = ['radio', 'checkbox'].includes(e.type);
    if (['hidden', 'submit', 'file', 'fieldset'].includes(e.type) || e.name === trap) continue;
    const list = e.tagName === 'SELECT';
    if (!filled && choice) e.checked = false;
    else if (!filled && list) e.selectedIndex = 0;
    else if (!filled) e.value = '';
    else if (choice) { if (!groups.has(e.name)) { e.checked = true; groups.add(e.name); } }
    else if (values[e.name] !== undefined) e.value = values[e.name];
    else if (list && !e.value && !/-[2-9]$/.test(e.name)) e.selectedIndex = e.options.length > 1 ? 1 : 0;
    else if (list) continue;
    else if (!e.value) e.value = values[e.type] ?? (e.inputMode === 'numeric' ? '2' : values.text);
  }
  document.documentElement.dataset.old = '1';
}
"""
_MISTAKES = """
() => [...document.querySelectorAll('.problem a')].map(a => a.getAttribute('href'))
  .map(href => href.length > 1 && document.getElementById(href.slice(1)) ? '' : `${href} leads nowhere`)
"""


TRAP = "website"
"""A field that people do not see, and leave empty."""


def patterns(method: str) -> dict[str, re.Pattern[str]]:
    """Every address that takes a method, in order, with what it looks like."""
    app = FastAPI()
    share_routes(app, *ROOMS)
    paths = [path for path, methods in app.openapi()["paths"].items() if method in methods]
    return {path: re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path) + "$") for path in paths}


def kind_of(path: str, known: dict[str, re.Pattern[str]]) -> str:
    """Which of the known addresses it is; blank for none."""
    plain = urlsplit(path).path
    return next((kind for kind, pattern in known.items() if pattern.match(plain)), "")


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of form: where it goes, the last word of its address (a step of many), the words that it says without
    asking, and whether it has fields.
    """

    action: str
    step: str
    says: str
    asks: bool


@dataclass(slots=True, kw_only=True)
class Walk:
    """What one visitor finds and sends; what `late` counts higher is sent later, and `never` is not hers."""

    page: Page
    values: dict[str, str]
    file: Path
    late: Callable[[str], int]
    never: tuple[str, ...] = ()
    seen: dict[Form, str] = field(default_factory=dict)
    sent: dict[Form, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    _looked: set[str] = field(default_factory=set)
    _gone: set[Form] = field(default_factory=set)
    _open: list[Form] = field(default_factory=list)

    def __call__(self, *starts: str) -> None:
        """Follow links to every kind of page, and send every form of a kind not sent before."""
        self._looked.clear()
        self._gone.clear()
        todo = list(starts)
        while todo or self._waiting():
            while todo:
                todo += self._look(todo.pop(0))
            for form in self._waiting():
                todo += self._both(form)
                break

    def sends_again(self, action: str) -> None:
        """What was sent before and may be sent once more on the next walk, since something has ended in between."""
        self.sent = {form: status for form, status in self.sent.items() if form.action != action}

    def _waiting(self) -> list[Form]:
        """What is left to send: what ends something last, and first of all what stands on the page that is open."""
        left = (form for form in self.seen if form not in self.sent and form not in self._gone)
        return sorted(left, key=lambda form: (self.late(form.action), form not in self._open))

    def _look(self, path: str) -> list[str]:
        """The links of a page of a kind not looked at before; its forms are noted."""
        kind = kind_of(path, _GETS)
        if not kind or kind in self._looked or path.startswith(self.never):
            return []
        self._looked.add(kind)
        return self._read(path) if self._goes(path) else []

    def _goes(self, path: str) -> bool:
        """Open a page; false for a file."""
        self._open = []
        try:
            self.page.goto(path, wait_until="domcontentloaded")
        except Error as error:
            if "Download" not in str(error):
                raise
            return False
        return True

    def _read(self, path: str) -> list[str]:
        self._open = self._forms()
        for form in self._open:
            if form.action and form not in self.sent and not form.action.startswith(self.never):
                self.seen[form] = path
        links: list[str] = self.page.evaluate(_LINKS)
        return links

    def _forms(self) -> list[Form]:
        found: list[tuple[str, str, str]] = self.page.evaluate(_FORMS)
        return [
            Form(kind_of(path, _POSTS), "".join(_WORD.findall(path)), says, bool(asks)) for path, says, asks in found
        ]

    def _both(self, form: Form) -> list[str]:
        """Send a form empty, where it has fields, then filled in; the links of the page it leads to."""
        if form not in self._open and self._goes(self.seen[form]):
            self._open = self._forms()
        answer = self._send(form, filled=False) if form.asks else None
        if answer is not None and answer.status != _MISTAKE and self._goes(self.seen[form]):
            self._open = self._forms()
        # The page of a mistake holds the form again; one that fills it in badly is asked once more, in full.
        for _ in range(_TRIES):
            answer = self._send(form, filled=True)
            if answer is None or answer.status != _MISTAKE or not form.asks:
                break
        if form not in self.sent:
            self._gone.add(form)
        return [] if answer is None or not self._open else self._read(self.page.url)

    def _send(self, form: Form, *, filled: bool) -> Response | None:
        """Fill in and send one form of the page that is open; None where it is not there."""
        if form not in self._open:
            return None
        number = self._open.index(form)
        self.page.evaluate(_FILL, [number, self.values, filled, TRAP])
        sent = self.page.locator("form[method=post]").nth(number)
        files = sent.locator("input[type=file]")
        if filled and files.count():
            files.set_input_files(self.file)
        with self.page.expect_response(_is_last, timeout=30_000) as awaited:
            sent.locator("button:not([aria-hidden]):not([formnovalidate])").last.click(no_wait_after=True)
        self.sent[form] = awaited.value.status
        self._open = self._forms() if self._check(form, awaited.value) else []
        return awaited.value

    def _check(self, form: Form, answer: Response) -> bool:
        """Look at what a form was answered with; false for a file."""
        headers, path = answer.headers, urlsplit(answer.url).path
        if "attachment" in headers.get("content-disposition", ""):
            return False
        wait_until(self._is_new, within=20, what=f"the page after {form}")
        if not headers.get("content-type", "").startswith("text/html") or answer.status in _NEVER:
            self.wrong.append(f"{form} is answered with {answer.status} at {path}")
        if answer.status == _MISTAKE:
            found: list[str] = self.page.evaluate(_MISTAKES)
            self.wrong += [f"{form}: {one}" for one in found or ["no mistake is told"] if one]
        elif answer.request.method == "POST" and answer.status < _REFUSED:
            self.wrong.append(f"{form} would be sent again by going back")
        return True

    def _is_new(self) -> bool:
        try:
            return bool(self.page.evaluate("() => !document.documentElement.dataset.old && !!document.body"))
        except Error:  # between two pages
            return False


_WORD = re.compile("/[a-z-]+$")
_NEVER = frozenset({400, 403, 404, 405, 500})
_MISTAKE, _REFUSED = 422, 400
_TRIES = 2
_GETS, _POSTS = patterns("get"), patterns("post")


def _is_last(answer: Response) -> bool:
    return answer.request.is_navigation_request() and not 300 <= answer.status < 400
