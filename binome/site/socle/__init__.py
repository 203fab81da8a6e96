"""What every page stands on: logs, headers, health, French writing in templates, form components."""
