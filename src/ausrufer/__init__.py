"""Ausrufer: the information channel of a town hall."""

import sys

# httpx would load its command line with it: 6 MB in each process, which nobody here calls.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
