"""Values of JSON in questions and answers, with what the description says of them."""

from typing import Any

from marshmallow import ValidationError, fields

ID = {"type": ["integer", "string"], "description": "As the data set has it."}


def said(text: str, **more: object) -> dict[str, Any]:
    """Return what the description says of a field."""
    return {"metadata": {"description": text, **more}}


def whole(value: object) -> object:
    """Return a whole number for 3.0, which is one in JSON; else the value as it is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class WholeNumber(fields.Integer):
    """A whole number as JSON has it: 3 or 3.0, no text, no 1.5 and no truth value."""

    def _validated(self, value: object) -> Any:
        found = whole(value)
        if isinstance(found, bool) or not isinstance(found, int):
            raise self.make_error("invalid", input=value)
        return found


class Number(fields.Float):
    """A finite number as JSON has it: no text and no truth value."""

    def _validated(self, value: object) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.make_error("invalid", input=value)
        try:
            return super()._validated(value)
        except OverflowError:
            raise self.make_error("too_large", input=value) from None


class PublicIdField(fields.Field[Any]):
    """An id in a body: a whole number or a text, as the data set has them."""

    def _deserialize(self, value: Any, *_: object, **__: object) -> Any:
        found = whole(value)
        if isinstance(found, bool) or not isinstance(found, int | str):
            raise ValidationError("Not an id: a whole number or a text.")
        return found
