"""The user's program as the rules see it: modules, what names stand for, what calls what."""

from __future__ import annotations

from dbos_gen.diagnostics import Diagnostics
from dbos_gen.scan.annotations import Annotations
from dbos_gen.scan.callees import Callees
from dbos_gen.scan.decorators import Decorators
from dbos_gen.scan.inference import Inference
from dbos_gen.scan.scope import Resolver
from dbos_gen.scan.source import Project


class Program:
    """The modules of one project with the collaborators that answer questions about them."""

    def __init__(self, project: Project, *, runtime: str = "dbos_typed") -> None:
        self.project = project
        self.resolver = Resolver(project)
        # What the generator would say about annotations is not this command's business.
        self.annotations = Annotations(self.resolver, Diagnostics())
        self.decorators = Decorators(self.resolver, runtime)
        self.callees = Callees(self.resolver, self.annotations, self.decorators)
        self.inference = Inference(self.resolver, self.annotations)
