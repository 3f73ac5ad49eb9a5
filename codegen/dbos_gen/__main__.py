"""``python -m dbos_gen``."""

from dbos_gen.cli import main

main()
