"""Values that only pydantic can write: its own special types, and models with fields of foreign types."""

from __future__ import annotations

import sys
from typing import Any

from dbos_typed.codec.failure import Failure
from dbos_typed.codec.jsontext import TAG, Json, Value
from dbos_typed.codec.naming import reference
from dbos_typed.codec.refusals import name_of

PYDANTIC_TAG = "pydantic"


class PydanticForm:
    """Writes the instances of one class as pydantic does, and makes sure that pydantic can read them again."""

    def __init__(self, cls: type[Any]) -> None:
        self._cls = cls
        self._ref = reference(cls)
        pydantic: Any = sys.modules["pydantic"]
        self._adapter: Any = pydantic.TypeAdapter(cls)

    def encode_envelope(self, value: Value) -> Json:
        """Write an instance so that it says its class."""
        text = self._adapter.dump_json(value, round_trip=True).decode()
        back = self._adapter.validate_json(text)
        if type(back) is not self._cls or back != value:
            raise Failure(
                f"a {name_of(self._cls)} cannot be stored: what pydantic reads back, {back!r}, is not what it wrote; "
                "give it a serializer and a validator that fit together"
            )
        return {TAG: PYDANTIC_TAG, "class": self._ref, "value": text}

    def decode_envelope(self, data: Json) -> Value:
        """Read what `encode_envelope` wrote."""
        return self._adapter.validate_json(data["value"])
