// Buttons that copy what stands in a field: [data-copies="id of the field"]. Without script they stay hidden.
(() => {
  function show() {
    for (const button of document.querySelectorAll("[data-copies]")) button.hidden = false;
  }
  show();
  document.addEventListener("htmx:afterSettle", show);

  // Outside https there is no clipboard to write to; the older way takes what is selected.
  async function copy(field) {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      return true;
    } catch {
      return document.execCommand("copy");
    }
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copies]");
    if (!button || !(await copy(document.getElementById(button.dataset.copies)))) return;
    const words = button.querySelector("span");
    const before = words.dataset.before || words.textContent;
    words.dataset.before = before;
    words.textContent = button.dataset.copied;
    setTimeout(() => { words.textContent = before; }, 2000);
  });
})();
