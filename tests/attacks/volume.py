"""How much is tried: a little in the suite, everything with `make attack`."""

import os

FULL = os.environ.get("BALISE_ATTACK") == "full"


def some(least, everything):
    return everything if FULL else least
