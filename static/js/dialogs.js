// A dialog opens when htmx has put a question into it, and closes without asking the server.
(() => {
  const dialog = () => document.getElementById("dialog");

  document.addEventListener("htmx:afterSettle", (event) => {
    const box = dialog();
    if (!box?.contains(event.target) || !box.querySelector("#dialog-title")) return;
    if (event.target.closest("output, datalist")) return; // a part that follows what is typed
    if (!box.open) {
      document.dispatchEvent(new Event("churnapp:dialog"));
      box.showModal();
    }
    const wrong = box.querySelector(".has-error :is(input, select, textarea)");
    const first = wrong ?? box.querySelector("form :is(input, select, textarea):not([type=hidden])");
    (first ?? box.querySelector("button[type=submit]"))?.focus();
  });

  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-dialog-close]") || !dialog()?.open) return;
    event.preventDefault();
    dialog().close();
  });

  // Empty again, so that an old answer never flashes up in the next question.
  document.addEventListener("close", (event) => {
    if (event.target === dialog()) dialog().querySelector("#dialog-body").replaceChildren();
  }, true);
})();
