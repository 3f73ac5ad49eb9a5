from .clock import *
from .text import slug

__all__ = ["slug", "stamp", "ticks"]
