"""Reading a contest file strictly: every problem and notice is reported with its line."""
