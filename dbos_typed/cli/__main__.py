"""`python -m dbos_typed.cli`."""

import sys

from dbos_typed.cli import main

sys.exit(main())
