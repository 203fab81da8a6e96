"""One reader for every file that people send: dialects, titles, lines, and one grammar of cells.

`lecture.lire` gives the cells of a CSV, .xlsx or .ods as text, under the names of our fields, with the number of each
line; `cellules` reads dates, numbers, amounts and shares; `libelles` reads the field's own names of specialties,
sectors and zones; `ecriture` writes. What cannot be read at all raises `FichierRefuse`; a bad line is a `FauteDeLigne`,
and the others go on. Nothing is imported here: a refusal must not wait for Polars.
"""
