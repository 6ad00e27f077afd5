"""The rules for entering works: who may enter what, until when, and the states of a submission (plan III, IV.3)."""
