"""Streamlit's own messages, as the gate has to know them: what a page asks for, and what a stranger need not be told."""

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg


def kind(data: bytes) -> str | None:
    """What a message from a page asks for; None where it is no message of Streamlit's."""
    message = BackMsg()
    try:
        message.ParseFromString(data)
    except Exception:  # whatever the library makes of it, it is none
        return None
    asked: str | None = message.WhichOneof("type")
    return asked or "nothing"


def blanked(data: bytes) -> bytes:
    """A message to a page without the place of the code on this machine and the versions it runs on."""
    message = ForwardMsg()
    message.ParseFromString(data)
    if message.WhichOneof("type") != "new_session":
        return data
    session = message.new_session
    session.main_script_path = ""
    session.initialize.environment_info.Clear()
    session.initialize.user_info.Clear()
    found: bytes = message.SerializeToString()
    return found
