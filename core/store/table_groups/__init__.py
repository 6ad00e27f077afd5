"""The tables that `core.store.tables` gathers, one module for each subject."""
