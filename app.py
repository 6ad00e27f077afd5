"""The ASGI application: Streamlit and the desk's own routes on one port, behind one gate. `streamlit run app.py`."""

import logging
import sys
from importlib import import_module
from importlib.resources import files

import streamlit as st
from streamlit import config

from core import http_names
from core.rules.words import Refusal, Unavailable
from core.settings import settings
from core.web import log_lines
from core.web.application import Application
from core.web.streamlit_page.frames import Frames
from pages.kit import wire
from pages.kit.pages_registry import ADDRESSES

STRICT = {  # these options override every configuration file and command line
    # Only the gate writes these headers. The option is set only here: without the gate, pages see nobody signed in.
    "server.trustedUserHeaders": http_names.TRUSTED_USER_HEADERS,
    "server.enableStaticServing": False,
    "server.enableAgentApi": False,
    "server.scriptHealthCheckEnabled": False,
    "client.showErrorDetails": "none",
    "server.maxWidgetStateSize": 2,  # megabytes for each session; not in Streamlit's help; its default is 25
    "runner.fastReruns": False,  # the result of an action must reach its user: `pages.kit.guard.retry_on_rerun`
}


def import_first_page() -> None:
    """Import the modules of the sign-in page at start, so that the first visitor does not wait for them."""
    logging.disable(logging.WARNING)  # at import the authenticator's components warn that there is no session
    try:
        import_module("pages.account.sign_in")
    finally:
        logging.disable(logging.NOTSET)


def checked_application() -> Application:
    """Set Streamlit's options; return the checked application, or print why it is refused and exit with status 1."""
    try:
        for name, value in STRICT.items():
            config.set_option(name, value)
        config.set_option("server.cookieSecret", settings().secret())
        index = files("streamlit").joinpath("static", "index.html").read_text(encoding="utf-8")
        address, port = config.get_option("server.address"), config.get_option("server.port")
        frames = Frames(wire.message_type, wire.without_server_details)
        application = Application(settings(), address, port, ADDRESSES, index, import_first_page, frames)
        log_lines.to_stderr()  # before the check: it may upgrade the database and then refuse to listen
        application.check()
    except Unavailable as unavailable:
        sys.exit(f"{unavailable} {unavailable.why}")
    except Refusal as refusal:
        sys.exit(str(refusal))
    return application


application = checked_application()
# `streamlit run` searches the text of this file for this assignment
app = st.App(
    "pages/router.py", routes=application.routes, middleware=application.middleware, lifespan=application.lifespan
)
