// What pages gain where scripts run; everything works without it.
"use strict";

// One click, one form: a second click on the same button is let go.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// What was refused is read first: the summary of problems takes the focus.
document.querySelector("[data-focus]")?.focus();

// A menu of the page closes with Escape, and when the eye goes elsewhere.
document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && document.querySelector("details.who[open]");
  if (open) { open.open = false; open.querySelector("summary").focus(); }
});
document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details.who[open]")) if (!open.contains(event.target)) open.open = false;
});

// Choosing in a filter is enough; without a script its button asks.
document.addEventListener("change", (event) => {
  if (event.target.closest("form[data-live]")) event.target.form.requestSubmit();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
