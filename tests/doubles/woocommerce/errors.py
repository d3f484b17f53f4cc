"""The errors that the interfaces answer, worded as recorded."""

from __future__ import annotations

from tests.doubles.base.http import Json


class ApiError(Exception):
    """A refusal with its code, sentence and status."""

    def __init__(
        self, code: str, message: str, status: int, data: dict[str, Json] | None = None
    ) -> None:
        """Keep what the answer will say; ``data`` is added beside the status."""
        super().__init__(code)
        self.code, self.message, self.status = code, message, status
        self.data = data or {}

    def json(self) -> Json:
        """Return the body of the answer."""
        data = {"status": self.status, **self.data}
        return {"code": self.code, "message": self.message, "data": data}


def invalid_param(name: str, message: str, code: str, data: Json) -> ApiError:
    """Return the refusal of one parameter."""
    detail = {"code": code, "message": message, "data": data}
    return ApiError(
        "rest_invalid_param",
        f"Invalid parameter(s): {name}",
        400,
        {"params": {name: message}, "details": {name: detail}},
    )


def missing_param(name: str) -> ApiError:
    """Return the refusal of a request without a needed parameter."""
    return ApiError(
        "rest_missing_callback_param", f"Missing parameter(s): {name}", 400, {"params": [name]}
    )


def unknown_id(kind: str, message: str = "Invalid ID.") -> ApiError:
    """Return the answer about something that does not exist."""
    return ApiError(f"woocommerce_rest_{kind}_invalid_id", message, 404)


def no_route() -> ApiError:
    """Return the answer at an address that does not exist."""
    return ApiError("rest_no_route", "No route was found matching the URL and request method.", 404)
