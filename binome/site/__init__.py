"""The web site: pages, API, static files."""
