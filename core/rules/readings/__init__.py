"""Rules for readings of interaction counts: parsing a number, and what is asked before it is saved."""
