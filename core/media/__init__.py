"""The film files of works: inspection, posters and storage. The only package that uses ffmpeg and moviepy."""
