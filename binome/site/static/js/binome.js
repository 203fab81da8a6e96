"use strict";
/* What HTML alone cannot do: numbers beside sliders, explanations in a window, focus on errors.
   Every page works without this file. */

document.documentElement.classList.add("avec-script");

const ESPACE_FINE = "\u202f";
const nombre = (valeur) => String(valeur).replace(/\B(?=(\d{3})+$)/g, ESPACE_FINE);

document.addEventListener("input", (evenement) => {
  const curseur = evenement.target;
  if (!(curseur instanceof HTMLInputElement) || curseur.type !== "range") return;
  const sortie = document.querySelector(`output[for="${CSS.escape(curseur.id)}"]`);
  if (sortie) sortie.textContent = nombre(curseur.value);
});

/* A figure opens its explanation in a window; the same link opens a page where there is no script. */
const fenetre = document.getElementById("explication");

document.addEventListener("click", async (evenement) => {
  const lien = evenement.target instanceof Element ? evenement.target.closest("a.pourquoi") : null;
  if (!lien || !fenetre || evenement.ctrlKey || evenement.metaKey || evenement.shiftKey) return;
  evenement.preventDefault();
  try {
    const reponse = await fetch(lien.href, { headers: { "HX-Request": "true" } });
    if (!reponse.ok) throw new Error(String(reponse.status));
    fenetre.innerHTML = await reponse.text();
    fenetre.showModal();
    fenetre.querySelector("h2")?.focus();
  } catch {
    window.location.assign(lien.href);
  }
});

fenetre?.addEventListener("click", (evenement) => {
  if (evenement.target === fenetre) fenetre.close();
});

/* A refused form: the summary of errors takes the focus. */
document.getElementById("erreurs")?.focus();

document.getElementById("partage")?.addEventListener("focus", (evenement) => evenement.target.select());
