"""A plain marking page: a select box for the work and five number inputs; each change is saved in one durable commit."""

import os

import sqlalchemy as sa
import streamlit as st

metadata = sa.MetaData()
mark = sa.Table(
    "mark",
    metadata,
    sa.Column("judge", sa.Text, primary_key=True),
    sa.Column("work", sa.Text, primary_key=True),
    sa.Column("criterion", sa.Integer, primary_key=True),
    sa.Column("points", sa.Float),
)


@st.cache_resource
def engine() -> sa.Engine:
    made = sa.create_engine(f"sqlite:///{os.environ['FOLDER']}/marks.db", connect_args={"timeout": 60})
    sa.event.listen(made, "connect", lambda connection, _: connection.execute("pragma synchronous=full"))
    sa.event.listen(made, "connect", lambda connection, _: connection.execute("pragma journal_mode=wal"))
    metadata.create_all(made)
    return made


def keep(judge: str, work: str, criterion: int) -> None:
    points = st.session_state[f"{work}-{criterion}"]
    with engine().begin() as connection:
        connection.exec_driver_sql(
            "insert or replace into mark (judge, work, criterion, points) values (?, ?, ?, ?)",
            (judge, work, criterion, points),
        )


judge = st.query_params.get("judge", "gk")
work = st.selectbox("Work", [f"T-{number:05}" for number in range(1, 31)])
total = 0.0
for criterion in range(1, 6):
    total += st.number_input(
        f"Criterion {criterion}",
        0.0,
        20.0,
        step=0.5,
        key=f"{work}-{criterion}",
        on_change=keep,
        args=(judge, work, criterion),
    )
st.metric("Total", total)
