"""``python -m errsurf`` is ``errsurf``."""

import sys

from errsurf.cli import main

if __name__ == "__main__":
    sys.exit(main())
