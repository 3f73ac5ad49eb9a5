"""The span of code that is not traced."""

from __future__ import annotations

from typing import Self


class NoSpan:
    """Takes what an OpenTelemetry span takes and does nothing, so that code need not ask whether it is traced."""

    def set_attribute(self, key: str, value: object) -> None:
        pass

    def set_attributes(self, attributes: object) -> None:
        pass

    def add_event(self, name: str, attributes: object = None, timestamp: int | None = None) -> None:
        pass

    def add_link(self, context: object, attributes: object = None) -> None:
        pass

    def update_name(self, name: str) -> None:
        pass

    def is_recording(self) -> bool:
        return False

    def set_status(self, status: object, description: str | None = None) -> None:
        pass

    def record_exception(self, exception: BaseException, *further: object, **named: object) -> None:
        pass

    def end(self, end_time: int | None = None) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


NO_SPAN = NoSpan()
