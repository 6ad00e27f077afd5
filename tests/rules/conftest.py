"""Laws are tried on the same examples every time, however busy the machine."""

from hypothesis import settings

settings.register_profile("house", max_examples=200, deadline=None, derandomize=True)
settings.load_profile("house")
