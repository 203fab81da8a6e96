"""How forms are drawn: each field is the component `composants/champ.html`."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class Rendu(TemplatesSetting):
    """Fields drawn by our component."""

    field_template_name = "composants/champ.html"
