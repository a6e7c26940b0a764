// Ticking rows: the whole page, everyone the filters choose, and how many that is.
(() => {
  const form = () => document.querySelector("[data-selection]");
  const boxes = () => [...form().querySelectorAll("[data-row] input[type=checkbox]")];

  function show() {
    const bar = form()?.querySelector("[data-selection-bar]");
    if (!bar) return;
    const everyone = form().querySelector("[data-select-everyone]");
    const all = boxes();
    const ticked = all.filter((box) => box.checked).length;
    const count = bar.querySelector("[data-selection-count]");
    count.textContent = ticked === 1 ? count.dataset.one : count.dataset.many.replace("{n}", ticked);
    count.hidden = Boolean(everyone?.checked);
    bar.hidden = !ticked && !everyone?.checked;
    const page = form().querySelector("[data-select-page]");
    page.checked = ticked > 0 && ticked === all.length;
    page.indeterminate = ticked > 0 && ticked < all.length;
  }

  document.addEventListener("change", (event) => {
    if (!event.target.closest?.("[data-selection]")) return;
    if (event.target.matches("[data-select-page]")) {
      for (const box of boxes()) box.checked = event.target.checked;
    }
    show();
  });

  document.addEventListener("htmx:afterSettle", show);
  show();
})();
