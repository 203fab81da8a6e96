"""The documents one takes away: charts, PDF, calendar, tables. One renderer per format; no rule of the law here."""
