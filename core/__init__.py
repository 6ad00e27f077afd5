"""Bàn Giám khảo: everything that is not a screen."""
