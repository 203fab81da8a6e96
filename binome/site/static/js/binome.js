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

/* The questions are redrawn after each answer. What was written since the request left is put back:
   the server could not know it. */
const ecrits = new Map();
const champs = (zone) => zone.querySelectorAll("input[id]:not([type=hidden]), select[id]");
const etat = (champ) => (champ.type === "radio" ? champ.checked : champ.value);

document.body.addEventListener("htmx:beforeSwap", (evenement) => {
  ecrits.clear();
  if (evenement.detail.target.id !== "conversation") return;
  for (const champ of champs(evenement.detail.target)) ecrits.set(champ.id, etat(champ));
});

document.body.addEventListener("htmx:afterSwap", (evenement) => {
  if (evenement.detail.target.id !== "conversation") return;
  for (const champ of champs(evenement.detail.target)) {
    if (!ecrits.has(champ.id) || ecrits.get(champ.id) === etat(champ)) continue;
    if (champ.type === "radio") champ.checked = ecrits.get(champ.id);
    else champ.value = ecrits.get(champ.id);
  }
});

/* A refused form: the summary of errors takes the focus. */
document.getElementById("erreurs")?.focus();

/* A line of the summary leads into its field, not beside it. */
document.addEventListener("click", (evenement) => {
  const lien = evenement.target instanceof Element ? evenement.target.closest(".alerte a[href^='#']") : null;
  const champ = lien && document.getElementById(decodeURIComponent(lien.hash.slice(1)));
  if (!champ) return;
  evenement.preventDefault();
  champ.closest("details")?.setAttribute("open", "");
  champ.focus();
});

document.getElementById("partage")?.addEventListener("focus", (evenement) => evenement.target.select());
