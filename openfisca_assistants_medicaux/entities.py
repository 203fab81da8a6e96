"""The two entities: one row per contract year, grouped by contract.

Time lives in the rows: a contract year starts on any day, and an OpenFisca period is one value for all rows.
"""

from openfisca_core.entities import build_entity

Contrat = build_entity(
    key="contrat",
    plural="contrats",
    label="Contrat d'aide à l'emploi d'un assistant médical",
    doc="Un contrat individuel (un médecin) ou collectif (une société), signé avec une caisse pour une durée fixée.",
    roles=[{"key": "annuite", "plural": "annuites", "label": "Annuités", "doc": "Les annuités du contrat."}],
)

Annuite = build_entity(
    key="annuite",
    plural="annuites",
    label="Annuité",
    doc="Une année d'un contrat, comptée de sa date de signature : l'unité de calcul de l'aide.",
    is_person=True,
)

entities = [Contrat, Annuite]
