"""The routes of the JSON API, a module a resource. Each translates: parse, call one verb, answer."""

from fastapi import APIRouter
from fastapi.routing import APIRoute


def resource(tag: str) -> APIRouter:
    """A router whose operations are called as their functions are."""
    return APIRouter(tags=[tag], generate_unique_id_function=_name)


def _name(route: APIRoute) -> str:
    return route.name
