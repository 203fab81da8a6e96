"""What one takes away: charts, PDF, calendar, CSV, JSON. The documents draw; nothing is said here."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from binome.documents import calendrier as rendu_calendrier
from binome.documents import donnees, graphiques
from binome.documents import pdf as rendu_pdf
from binome.documents import tableur as rendu_tableur
from binome.site.simulateur.lecture import AdresseRefusee, Ouverte, ouvrir
from binome.site.simulateur.resultat import d_une_adresse
from binome.site.socle.places import Complet, Places

#: Widths of the charts, in pixels: a telephone's and a desk's.
LARGEURS = {"etroite": 350, "large": 720}
REFUS, OCCUPE = 422, 503
#: Visitors' documents drawn at a time by a process, those that wait, and for how long (seconds): agents' pages, served
#: by the same threads, never wait for more than two of them.
DOCUMENTS = Places(lambda: 1, en_attente=1, patience=10.0)
#: Seconds after which a refused document may be asked for again.
ATTENTE = 5


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
    """The two pages for the appointment; 503, and when to come back, while too many are being drawn."""
    partage = requete.build_absolute_uri(f"{reverse('simulateur:resultat')}?{ouverte.adresse}")
    try:
        with DOCUMENTS.une():
            return _fichier(rendu_pdf.rendre(ouverte.resultat, partage), "application/pdf", "pdf")
    except Complet:
        contexte = {"secondes": ATTENTE, "adresse": requete.get_full_path()}
        reponse = render(requete, "503.html", contexte, status=OCCUPE)
        reponse["Retry-After"] = str(ATTENTE)
        return reponse


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
