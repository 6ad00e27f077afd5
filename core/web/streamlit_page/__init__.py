"""The page that carries Streamlit, and what passes on its WebSocket."""
