"""The ASGI application: Streamlit and the routes of the desk on one port, behind one gate. `streamlit run app.py`."""

import logging
import sys
from importlib import import_module
from importlib.resources import files

import streamlit as st
from streamlit import config

from core.rules.words import Refusal, Unavailable
from core.settings import settings
from core.web import log_lines
from core.web.application import Application
from core.web.streamlit_page.frames import Frames
from pages.kit import wire
from pages.kit.pages_registry import ADDRESSES

STRICT = {  # what must hold whatever a file or a command line says
    # the gate alone writes these headers; set nowhere else, so that the pages run without the gate know nobody
    "server.trustedUserHeaders": {"x-jd-user": "jd_user", "x-jd-session": "jd_session"},
    "server.enableStaticServing": False,
    "server.enableAgentApi": False,
    "server.scriptHealthCheckEnabled": False,
    "client.showErrorDetails": "none",
    "server.maxWidgetStateSize": 2,  # megabytes kept for a session; hidden from Streamlit's help, and 25 without this line
    "runner.fastReruns": False,  # what an act has given reaches the person who asked: `pages.kit.guard.through`
}


def first_page_read() -> None:
    """Read what the first page needs, so that the first visitor does not wait for it."""
    logging.disable(logging.WARNING)  # the authenticator's components miss a visitor
    try:
        import_module("pages.account.sign_in")
    finally:
        logging.disable(logging.NOTSET)


def behind_the_gate() -> Application:
    """The house as it is served, or one clear sentence and an end."""
    try:
        for name, value in STRICT.items():
            config.set_option(name, value)
        config.set_option("server.cookieSecret", settings().secret())
        index = files("streamlit").joinpath("static", "index.html").read_text(encoding="utf-8")
        address, port = config.get_option("server.address"), config.get_option("server.port")
        frames = Frames(wire.kind, wire.blanked)
        house = Application(settings(), address, port, ADDRESSES, index, first_page_read, frames)
        log_lines.to_stderr()  # an upgrade is logged even where the server then refuses to listen
        house.check()
    except Unavailable as away:
        sys.exit(f"{away} {away.why}")
    except Refusal as refusal:
        sys.exit(str(refusal))
    return house


house = behind_the_gate()
# `streamlit run` looks for this very assignment in the text of this file
app = st.App("pages/router.py", routes=house.routes, middleware=house.middleware, lifespan=house.lifespan)
