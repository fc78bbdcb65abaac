"""`python -m device` is `emotify`."""

import sys

from device.cli import main

sys.exit(main())
