"""Source text to IR: reads modules as syntax trees and never imports or executes them."""

from dbos_gen.scan.discovery import discover
from dbos_gen.scan.module import ModuleScanner
from dbos_gen.scan.source import Project

__all__ = ["ModuleScanner", "Project", "discover"]
