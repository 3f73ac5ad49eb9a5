"""Serialization by annotation to JSON text that people can read.

What is decoded equals what was encoded and has the same types, or DBOSSerializationError says where and why not.
Nothing is pickled; decoding imports nothing that stored text names and runs no Python code of the classes that it
names.
"""

from dbos_typed.codec.calls import Arguments, CallPlan
from dbos_typed.codec.codec import Codec
from dbos_typed.codec.parts import Reducer
from dbos_typed.codec.plan import Plan, UndecodableValue
from dbos_typed.codec.quoted import without_details

__all__ = ["Arguments", "CallPlan", "Codec", "Plan", "Reducer", "UndecodableValue", "without_details"]
