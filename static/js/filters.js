// What stands around a filtered list follows it: export, tabs, the view to save, how many choices are on.
(() => {
  // The part that htmx swaps says what it shows, since the address may not have changed yet.
  function follow() {
    const view = document.querySelector("[data-view]")?.dataset;
    const query = view?.view;
    if (query === undefined) return;
    const link = document.getElementById("export-link");
    if (link) link.search = query;
    for (const tab of document.querySelectorAll("[data-follows]")) tab.search = view.asked ?? query;
    for (const field of document.querySelectorAll("[data-view-query]")) field.value = query;
  }

  // The button of a filter with several choices says how many are on, also before the answer is here.
  function tally(choices) {
    const number = choices.querySelectorAll("input:checked").length;
    const badge = choices.querySelector("[data-chosen]");
    badge.textContent = number || "";
    badge.hidden = !number;
    choices.querySelector("summary").classList.toggle("is-on", number > 0);
  }
  const tallyAll = () => document.querySelectorAll("[data-choices]").forEach(tally);

  document.addEventListener("change", (event) => {
    const choices = event.target.closest?.("[data-choices]");
    if (choices) tally(choices);
  });
  document.addEventListener("htmx:afterSettle", () => { follow(); tallyAll(); });
  window.addEventListener("pageshow", tallyAll); // a browser may bring ticks back with the page
})();
