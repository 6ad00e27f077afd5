"""From places and counts to prizes: allocation and prize slots."""
