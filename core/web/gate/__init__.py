"""The gate: who may reach Streamlit or any route of ours, and for how long."""
