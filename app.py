"""The ASGI application: Streamlit and the routes of the desk on one port, behind one gate. `streamlit run app.py`."""

import sys
from importlib.resources import files

import streamlit as st
from streamlit import config

from core.rules.words import Refusal
from core.settings import settings
from core.web.application import Application
from pages.map import ADDRESSES

STRICT = {  # what must hold whatever a command line says
    "server.trustedUserHeaders": {"x-jd-user": "jd_user", "x-jd-session": "jd_session"},
    "server.enableStaticServing": False,
    "server.enableAgentApi": False,
    "server.scriptHealthCheckEnabled": False,
    "client.showErrorDetails": "none",
}


def application() -> st.App:
    """The application, or one clear sentence and an end."""
    for name, value in STRICT.items():
        config.set_option(name, value)
    index = files("streamlit").joinpath("static", "index.html").read_text(encoding="utf-8")
    house = Application(
        settings(), config.get_option("server.address"), config.get_option("server.port"), ADDRESSES, index
    )
    config.set_option("server.cookieSecret", settings().secret())
    house.check()
    return st.App("pages/router.py", routes=house.routes, middleware=house.middleware, lifespan=house.lifespan)


try:
    app = application()
except Refusal as refusal:
    sys.exit(str(refusal))
