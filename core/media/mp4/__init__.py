"""The structure of an MP4 file (ISO/IEC 14496-12)."""
