"""Plain live standings: a fragment that runs every second, with a dataframe and a Plotly bar chart."""

import os

import pandas as pd
import plotly.express as px
import sqlalchemy as sa
import streamlit as st

STANDINGS = (
    "select e.code, e.title, count(distinct m.judge_id) as sheets, sum(m.hundredths) / 100.0 as total"
    " from entry e left join mark m on m.entry_id = e.id group by e.id order by total desc"
)


@st.cache_resource
def engine() -> sa.Engine:
    return sa.create_engine(os.environ["DATABASE"])


@st.fragment(run_every=1)
def standings() -> None:
    with engine().connect() as connection:
        table = pd.read_sql(sa.text(STANDINGS), connection)
    table["place"] = table["total"].rank(method="min", ascending=False)
    st.dataframe(table.head(100))
    st.plotly_chart(px.bar(table.head(30), x="code", y="total"))


st.title("Standings")
standings()
