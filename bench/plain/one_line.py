"""A plain page of one line."""

import streamlit as st

st.text_input("Name")
