"""python -m bot does what gridbot does."""

import sys

from bot.cli import main

sys.exit(main())
