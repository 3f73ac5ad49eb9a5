"""Jinja2 templates of dbos_gen."""
