"""Bridges to other systems; none knows another."""
