"""The final round: its list is closed, the judging codes are drawn, and what happens to finalists afterwards."""
