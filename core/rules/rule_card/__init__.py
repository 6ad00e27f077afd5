"""The rule card: the contest's rules as one document with a fingerprint, and as sentences."""
