"""The second act: two people are introduced across programs, agree on goals, meet, and come to an end."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from node.demo.processes import StoryError, since
from node.demo.stage import until

if TYPE_CHECKING:
    from node.demo.processes import Answer
    from node.demo.stage import Program

_MINUTES = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduction:
    """Two people introduced across programs; `messages` counts the sealed letters between the two programs."""

    home: str
    host: str
    occupation: str
    messages: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """The first mentee of `home` looks for the first mentor of `host`."""

    home: Program
    host: Program
    occupation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """The two ends of one request that led to an introduction."""

    home: Program
    host: Program
    occupation: str
    request: str


def introduce(ask: Ask) -> tuple[Meeting, Introduction]:
    """From a search to two people who have each other's address. Raises: StoryError."""
    begun = time.monotonic()
    home, host, occupation = ask.home, ask.host, ask.occupation
    mentee = home.people[home.sheets.mentees[0].text("email")]
    mentor = host.people[host.sheets.mentors[0].text("email")]
    until(lambda: _is_listed(home, mentee, host.node, occupation), "a listing to be read")
    request = home.command.run("request", "open", mentee, "--to", host.node).text("id")
    until(lambda: _arrived(host, request), "the request to arrive")
    host.command.run("request", "consent", request, "--mentor", mentor, "--given", "phone")
    host.command.run("request", "offer", request, "--mentor", mentor)
    _reach(home, request, "offered")
    home.command.run("request", "consent", request, "--given", "in_person")
    home.command.run("request", "accept", request)
    # Home's contact is the last to travel: where the host has it, both are introduced.
    _reach(host, request, "introduced", legs=3)
    meeting = Meeting(home=home, host=host, occupation=occupation, request=request)
    told = Introduction(
        home=home.place.name,
        host=host.place.name,
        occupation=occupation,
        messages=len(home.command.run("request", "show", request).items("timeline")),
        seconds=since(begun),
    )
    return meeting, told


def _is_listed(home: Program, mentee: str, node: str, occupation: str) -> bool:
    leads = home.command.run("request", "search", mentee).items("leads")
    return any((lead.text("program"), lead.text("listing", "occupation")) == (node, occupation) for lead in leads)


def _arrived(host: Program, request: str) -> bool:
    return any(view.text("id") == request for view in host.command.run("request", "list", "--open").items())


def _reach(program: Program, request: str, stage: str, *, legs: int = 1) -> None:
    def reached() -> bool:
        return program.command.run("request", "show", request).text("stage") == stage

    until(reached, f"{program.place.name} to see the request {stage}", legs=legs)


def mentor(meeting: Meeting) -> None:
    """A goal in the pair's words, a meeting, and an outcome that both programs count. Raises: StoryError."""
    home, host = meeting.home.command, meeting.host.command
    at_home, at_host = _mentorship(meeting.home, meeting.request), _mentorship(meeting.host, meeting.request)
    today = date.today()  # noqa: DTZ011 - the day a coordinator would write
    review, due = today + timedelta(days=60), today + timedelta(days=30)
    words = "We talk every other week and tell each other early when we cannot."
    home.run(
        *("mentorship", "agree", at_home, "--words", words, "--review-on", review.isoformat()),
        *("--goal", f"{due.isoformat()}=Have the credentials assessed"),
    )
    host.run("mentorship", "meet", at_host, "--minutes", str(_MINUTES))
    home.run("mentorship", "goal", at_home, "1", "reached")
    until(lambda: home.run("mentorship", "show", at_home).number("meetings_held") > 0, "the meeting to be told")
    home.run("mentorship", "close", at_home, "--outcome", "completed")
    # The host's answer closes it: where home has that, both ends are closed.
    _reach(meeting.home, meeting.request, "closed", legs=2)


def _mentorship(program: Program, request: str) -> str:
    found = program.command.run("mentorship", "list").items()
    return next(view.text("id") for view in found if view.text("request") == request)


def compare(meeting: Meeting) -> None:
    """Both ends' reports say the same of what they share. Raises: StoryError."""
    home, host = _line(meeting.home, meeting.host), _line(meeting.host, meeting.home)
    agree = (
        home.number("introductions_home") == host.number("introductions_host") > 0,
        home.number("introductions_host") == host.number("introductions_home"),
        home.number("closed") == host.number("closed") > 0,
        home.number("meetings") == host.number("meetings") > 0,
    )
    if not all(agree):
        raise StoryError(f"the reports of {meeting.home.place.name} and {meeting.host.place.name} do not add up")


def _line(program: Program, other: Program) -> Answer:
    lines = program.command.run("report").items("programs")
    return next(line for line in lines if line.text("program") == other.node)
