"""The OpenAPI document of the API: what FastAPI reads from the routes, and what only a reader of the answers knows.

Shapes of answers are the frozen views themselves. Added here: problem documents for everything that is refused, headers
of answers, and links from what one call answers to what the next one asks for.
"""

from collections.abc import Iterator

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from federation.ground.writing import Json

Part = dict[str, Json]
_PROBLEM = "#/components/schemas/Problem"
_METHODS = ("get", "post", "put", "patch", "delete")
_TEXT: Part = {"type": "string"}
_SCHEMA: Part = {
    "type": "object",
    "description": "Why a call was refused (RFC 9457): `title` says why, `detail` what to do next, in the language of"
    " `Accept-Language`; `code` names the rule, as in the reference of error codes.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
        "code": _TEXT,
        "params": {"type": "object", "additionalProperties": {"type": ["string", "integer"]}},
        "incident": _TEXT,
        "fields": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["in", "field", "rule"],
                "properties": {"in": _TEXT, "field": _TEXT, "rule": _TEXT, "title": _TEXT, "detail": _TEXT},
            },
        },
    },
}
_EVERYWHERE = ("401", "403", "409", "422", "429")
_BODY = ("400", "413", "415")
_WHY = {
    "400": "The body cannot be read.",
    "401": "No token, or one that lets nobody in.",
    "403": "The token was not given for this, or the role of its user does not allow it.",
    "404": "There is no such thing here.",
    "409": "A rule of the program, or where things stand, does not allow this now.",
    "412": "It was changed since it was read: read it again.",
    "413": "The body is too large.",
    "415": "The body is not JSON.",
    "422": "A parameter or field is missing or unreadable; `fields` names it.",
    "429": "Too many calls; wait as long as `Retry-After` says.",
}
_PERSON = ("show_person", "edit_person", "pause_person", "resume_person", "suggest_mentors", "find_leads")
_MENTORSHIP = ("show_mentorship", "agree_on_goals", "log_meeting", "settle_goal", "pause_mentorship", "end_mentorship")
_REQUEST = ("show_request", "withdraw_request")


def _links(operations: tuple[str, ...], parameter: str, value: str) -> Part:
    """From an answer to further calls: their parameter, and where its value stands in the answer."""
    return {name: {"operationId": name, "parameters": {parameter: value}} for name in operations}


_LINKS: dict[str, Part] = {
    "add_person": _links((*_PERSON, "erase_person"), "person", "$response.body#/person"),
    "list_people": _links(_PERSON, "person", "$response.body#/0/id"),
    "suggest_mentors": {
        "approve_pair": {
            "operationId": "approve_pair",
            "requestBody": {"mentee": "$request.path.person", "mentor": "$response.body#/suggestions/0/mentor"},
        },
        "explain_pair": {
            "operationId": "explain_pair",
            "parameters": {"person": "$request.path.person", "mentor": "$response.body#/suggestions/0/mentor"},
        },
    },
    "approve_pair": _links(_MENTORSHIP, "mentorship", "$response.body#/id"),
    "list_mentorships": _links(_MENTORSHIP, "mentorship", "$response.body#/0/id"),
    "open_request": _links(_REQUEST, "request", "$response.body#/id"),
    "list_requests": _links(_REQUEST, "request", "$response.body#/0/id"),
    "show_newest_draft": _links(("show_draft",), "draft", "$response.body#/id"),
}


def describe(app: FastAPI) -> None:
    """Let `app.openapi()` answer with the whole document."""

    def document() -> Part:
        if app.openapi_schema is None:
            found = get_openapi(
                title=app.title,
                version=app.version,
                description=app.description,
                routes=app.routes,
                servers=app.servers,
            )
            app.openapi_schema = _complete(found)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign] # the framework's own way to change the document


def _complete(document: Part) -> Part:
    schemas = _part(_part(document, "components"), "schemas")
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = _SCHEMA
    _part(document, "components")["responses"] = {status: _problem(why) for status, why in _WHY.items()}
    for operation in _operations(document):
        responses = _part(operation, "responses")
        responses |= {status: {"$ref": f"#/components/responses/{status}"} for status in _refusals(operation)}
        for status in [status for status in responses if status.startswith("2")]:
            _finish(_part(responses, status), operation)
    return document


def _operations(document: Part) -> Iterator[Part]:
    for path, item in _part(document, "paths").items():
        assert isinstance(item, dict)  # noqa: S101 - the document is ours
        for method in _METHODS:
            if method in item:
                operation = _part(item, method)
                operation["x-path"] = path
                yield operation


def _refusals(operation: Part) -> list[str]:
    found = {*_EVERYWHERE}
    if "{" in str(operation.pop("x-path")) or operation["operationId"] in _LINKS:
        found.add("404")
    if "requestBody" in operation:
        found |= {*_BODY}
    if operation["operationId"] == "edit_person":
        found.add("412")
    return sorted(found)


def _problem(why: str) -> Part:
    return {"description": why, "content": {"application/problem+json": {"schema": {"$ref": _PROBLEM}}}}


def _finish(response: Part, operation: Part) -> None:
    name = str(operation["operationId"])
    if name.startswith("list_"):
        response["headers"] = {"Link": {"description": 'The next page: `rel="next"`.', "schema": _TEXT}}
    if name in {"show_person", "edit_person", "add_person"}:
        response["headers"] = {"ETag": {"description": "The version, for `If-Match`.", "schema": _TEXT}}
    if name in _LINKS:
        response["links"] = _LINKS[name]


def _part(whole: Part, name: str) -> Part:
    found = whole[name]
    assert isinstance(found, dict)  # noqa: S101 - the document is ours
    return found
