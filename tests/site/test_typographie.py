"""French typography is set in text, and nowhere else."""

import pytest

from binome.site.socle.typographie import soigner

FINE, INSECABLE = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("brut", "soigne"),
    [
        ("<p>l'aide</p>", "<p>l’aide</p>"),
        ("<p>l&#x27;aide</p>", "<p>l’aide</p>"),
        ("<p>Et si ?</p>", f"<p>Et si{FINE}?</p>"),
        ("<p>Total : 38 000 €</p>", f"<p>Total{INSECABLE}: 38{INSECABLE}000{INSECABLE}€</p>"),
        (f"<p>1{FINE}300 patients</p>", f"<p>1{INSECABLE}300{INSECABLE}patients</p>"),
        ("<p>« oui »</p>", f"<p>«{INSECABLE}oui{INSECABLE}»</p>"),
        ('<input value="l\'aide : ?">', '<input value="l\'aide : ?">'),
        ("<pre>{'a' : 1 ?}</pre>", "<pre>{'a' : 1 ?}</pre>"),
        ("<code>d'un</code> d'un", "<code>d'un</code> d’un"),
    ],
)
def test_texte_seul(brut: str, soigne: str) -> None:
    assert soigner(brut) == soigne


def test_rien_n_est_perdu() -> None:
    page = "<!doctype html><html><head><title>a</title></head><body><pre>x</pre>b<br>c</body></html>"
    assert soigner(page) == page
    assert soigner(soigner("<p>l'un : 3 ans ?</p>")) == soigner("<p>l'un : 3 ans ?</p>")
