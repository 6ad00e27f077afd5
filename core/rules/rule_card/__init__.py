"""The rule card: the regulation as one document with a fingerprint, and as sentences."""
