"""Streamlit's WebSocket messages: reads the type of incoming ones, removes server details from outgoing ones."""

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg


def message_type(data: bytes) -> str | None:
    """The type of a message from a browser; "nothing" if it has none, None if it is not a Streamlit message."""
    message = BackMsg()
    try:
        message.ParseFromString(data)
    except Exception:  # any error of the parser means that it is not a message
        return None
    name: str | None = message.WhichOneof("type")
    return name or "nothing"


def without_server_details(data: bytes) -> bytes:
    """A message to a browser without the script's path, the versions of the environment and the user information."""
    message = ForwardMsg()
    message.ParseFromString(data)
    if message.WhichOneof("type") != "new_session":
        return data
    session = message.new_session
    session.main_script_path = ""
    session.initialize.environment_info.Clear()
    session.initialize.user_info.Clear()
    stripped: bytes = message.SerializeToString()
    return stripped
