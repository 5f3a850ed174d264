"""What a template says comes from the catalogue, and nothing in one is a script or a style."""

import re
from importlib import resources
from pathlib import Path

import pytest

TEMPLATES = Path(str(resources.files("node.web") / "templates"))
FORBIDDEN = re.compile(
    r"<script(?! src=)|<style|\sstyle=|javascript:|hx-on|\|\s*safe"
    r"|\son(?:click|change|input|submit|load|error|key\w+)="
)
OURS = {"Mentorweave", "km", "English", "from", "Français", "mentorweave"}


def templates() -> list[str]:
    return sorted(str(file.relative_to(TEMPLATES)) for file in TEMPLATES.rglob("*.html"))


@pytest.mark.parametrize("name", templates())
def test_no_template_says_anything_by_itself(name: str) -> None:
    text = (TEMPLATES / name).read_text("utf-8")
    bare = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.DOTALL)
    spoken = re.sub(r"<[^>]*>", " ", bare, flags=re.DOTALL)
    attributes = re.findall(r'\s(?:aria-label|title|placeholder|alt)="(\s*[^"\s][^"]*)"', bare)

    words = set(re.findall(r"[^\W\d_]{2,}", spoken)) - OURS
    assert words == set()
    assert attributes == []


@pytest.mark.parametrize("name", templates())
def test_no_template_writes_a_colon_by_itself(name: str) -> None:
    text = (TEMPLATES / name).read_text("utf-8")

    assert re.findall(r"\}\}(?:</\w+>)?\s*:|%\}\s*:\s|~ \": \"|\(\": \" ~", text) == []  # in French a space comes first


@pytest.mark.parametrize("name", templates())
def test_no_template_carries_a_script_or_a_style(name: str) -> None:
    text = (TEMPLATES / name).read_text("utf-8")

    assert FORBIDDEN.findall(text) == []
