"""The tables as the ledger's rows amount to them, to be compared with the tables as they are."""
