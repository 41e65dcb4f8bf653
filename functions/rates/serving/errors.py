"""Errors as answers: a status and a message."""


class HttpError(Exception):
    """An error answer.

    `message` belongs to the protocol. `detail` says more, for people, and may be "". Both may repeat names
    from the request. `headers` are added to the usual ones.
    """

    def __init__(
        self, status: int, message: str, detail: str = "", headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.detail = detail
        self.headers = headers or {}


def not_found(detail: str) -> HttpError:
    """Return a 404 that says in its detail what was not found."""
    return HttpError(404, "not found", detail)


def invalid(message: str, detail: str = "") -> HttpError:
    """Return a 422 for a request that has an invalid value. The detail says what is valid."""
    return HttpError(422, message, detail)
