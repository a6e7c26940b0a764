// Placeholders are put where the cursor was: each name of the list becomes a button. Without script they are copied by hand.
(() => {
  let last;

  function prepare() {
    for (const code of document.querySelectorAll("[data-placeholders] code")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-sm";
      button.textContent = code.textContent;
      code.replaceWith(button);
    }
  }

  document.addEventListener("focusout", (event) => {
    if (event.target.matches?.("#bench textarea")) last = event.target;
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-placeholders] button");
    const field = last && document.getElementById(last.id);
    if (!button || !field) return;
    field.setRangeText(button.textContent, field.selectionStart, field.selectionEnd, "end");
    field.focus();
  });
  document.addEventListener("htmx:afterSettle", prepare);
  prepare();
})();
