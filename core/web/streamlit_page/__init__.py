"""Streamlit's index page as we serve it, and the filter of its WebSocket messages."""
