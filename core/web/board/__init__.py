"""The live board, the public's progress and the charts."""
