"""Rules for persons: names, phone numbers, and whether two are one."""
