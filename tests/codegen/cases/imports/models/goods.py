from dataclasses import dataclass


@dataclass
class Item:
    name: str = ""


@dataclass
class _Secret:
    name: str = ""
