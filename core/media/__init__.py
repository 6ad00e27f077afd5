"""The files of works: what they are, a picture of each, where they lie. The only room that knows ffmpeg and moviepy."""
