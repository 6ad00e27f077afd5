"""The screening: screeners' queue, their verdicts, and the films they watch."""
