"""Measure every figure of the README. python -m bench [--quick] [--markdown]"""

import sys

from bench.all import main

sys.exit(main())
