"""What others import in every way there is."""

__all__ = ["Goods"]


class Goods:
    number: int


class Unused:
    """Not exported."""
