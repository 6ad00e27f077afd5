"""Rules of judging: the states of a sheet, the order in which a judge views the works, and the watch time."""
