"""What every test may ask for. Laws are tried on the same examples every time, however busy the machine."""

from hypothesis import settings

pytest_plugins = ["tests.databases", "tests.served"]
settings.register_profile("house", max_examples=200, deadline=None, derandomize=True)
settings.load_profile("house")
