"""Answers that are not data: a status and a message, raised wherever it is found out."""

from __future__ import annotations


class HttpError(Exception):
    """An error answer: its HTTP status, the message for the client, and headers beyond the usual ones."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers or {}


def not_found() -> HttpError:
    return HttpError(404, "not found")


def unavailable(message: str) -> HttpError:
    """For now; worth another try in a minute."""
    return HttpError(503, message, {"Retry-After": "60"})
