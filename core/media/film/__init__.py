"""Generates the films of the demonstration (pictures and music), so that no large files are stored with the code."""
