"""Routes as their routers made them.

Including a router in an application builds each of its routes anew: every dependency is analysed again, a few
milliseconds each time, at the first request. These are shared instead, by all applications of a process.
"""

from fastapi import APIRouter, FastAPI


def share_routes(to: FastAPI | APIRouter, *routers: APIRouter) -> None:
    """Serve the routes of these routers, in their order; a prefix is the router's own."""
    for router in routers:
        to.routes.extend(router.routes)
