"""Processes that can be killed, and pools of them."""
