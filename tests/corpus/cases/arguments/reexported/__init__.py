from reexported.flows import checkout, refund as give_back

__all__ = ["checkout", "give_back"]
