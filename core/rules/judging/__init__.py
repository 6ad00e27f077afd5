"""What a judge's day rests on: the viewing order, the watch time, the judges' numbers."""
