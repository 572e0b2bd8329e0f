"""Đôn Đốc: from a numbered directive to the figures of the official report."""
