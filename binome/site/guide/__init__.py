"""Pages written from the law's own data: they change when a parameter changes."""
