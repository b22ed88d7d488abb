// A day or a place with one tap, everybody on a list with one tap; the fields take them typed or ticked as well.
"use strict";
document.addEventListener("click", (event) => {
  const { fill, value, check, uncheck } = event.target.dataset;
  if (fill) {
    const field = event.target.closest("form").elements[fill];
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (check || uncheck) for (const one of document.getElementsByName(check || uncheck)) one.checked = Boolean(check);
});
