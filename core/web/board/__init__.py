"""The live board, the public progress page and the charts."""
