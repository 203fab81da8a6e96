"""What one takes away: charts, PDF, calendar, CSV, JSON. The documents draw; nothing is said here."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from binome.documents import calendrier as rendu_calendrier
from binome.documents import donnees, graphiques
from binome.documents import pdf as rendu_pdf
from binome.documents import tableur as rendu_tableur
from binome.site.simulateur.lecture import AdresseRefusee, Ouverte, ouvrir
from binome.site.simulateur.resultat import d_une_adresse

#: Widths of the charts, in pixels: a telephone's and a desk's.
LARGEURS = {"etroite": 350, "large": 720}
REFUS = 422


def graphique(requete: HttpRequest, nom: str) -> HttpResponse:
    """A chart of the page as SVG."""
    try:
        ouverte = ouvrir(requete)
    except AdresseRefusee as refus:
        return HttpResponse(str(refus), content_type="text/plain; charset=utf-8", status=REFUS)
    if nom not in graphiques.NOMS:
        raise Http404
    largeur = LARGEURS.get(requete.GET.get("largeur", ""), LARGEURS["large"])
    reponse = HttpResponse(graphiques.svg(nom, ouverte.resultat, largeur), content_type="image/svg+xml")
    reponse["Cache-Control"] = "private, max-age=3600"
    return reponse


@d_une_adresse
def pdf(requete: HttpRequest, ouverte: Ouverte) -> HttpResponse:
    """The two pages for the appointment."""
    partage = requete.build_absolute_uri(f"{reverse('simulateur:resultat')}?{ouverte.adresse}")
    return _fichier(rendu_pdf.rendre(ouverte.resultat, partage), "application/pdf", "pdf")


@d_une_adresse
def calendrier(requete: HttpRequest, ouverte: Ouverte) -> HttpResponse:
    """Every deadline and reminder."""
    del requete
    return _fichier(rendu_calendrier.rendre(ouverte.resultat), "text/calendar; charset=utf-8", "ics")


@d_une_adresse
def tableur(requete: HttpRequest, ouverte: Ouverte) -> HttpResponse:
    """The result as a table."""
    del requete
    return _fichier(rendu_tableur.rendre(ouverte.resultat), "text/csv; charset=utf-8", "csv")


@d_une_adresse
def json(requete: HttpRequest, ouverte: Ouverte) -> HttpResponse:
    """The result as `binome simuler --json` gives it."""
    del requete
    return _fichier(donnees.rendre(ouverte.resultat_demande), "application/json", "json")


def _fichier(contenu: bytes | str, genre: str, extension: str) -> HttpResponse:
    reponse = HttpResponse(contenu, content_type=genre)
    reponse["Content-Disposition"] = f'attachment; filename="binome.{extension}"'
    return reponse
