// Small courtesies; every page works without them.
"use strict";
document.addEventListener("submit", (event) => {
  // A form that writes is sent once: a second press while the first is on its way does nothing.
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  for (const button of form.querySelectorAll("button")) button.setAttribute("aria-busy", "true");
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-busy");
  }
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest("form[data-sent]");
  if (!form) return;
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-busy");
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
for (const shown of document.querySelectorAll("[data-needs-script]")) shown.hidden = false;
