from .flows import launch

__all__ = ["launch"]
