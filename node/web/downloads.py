"""Files that leave through a page: always a download, never shown as a page of ours."""

from starlette.responses import Response


def attachment(body: bytes, name: str, media_type: str) -> Response:
    """A file to keep; `name` is one of ours, never a person's."""
    return Response(body, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
