"""A plain page with a film."""

import os

import streamlit as st

st.number_input("Mark", 0, 20, key="mark")
st.video(os.environ["FILM"])
