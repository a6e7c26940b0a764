// Keys: "/" searches, "?" lists the keys, j k x Enter e a r work on rows marked [data-row] in a [data-rows].
(() => {
  const root = document.documentElement;
  const showKeys = () => {
    document.dispatchEvent(new Event("churnapp:dialog"));
    document.getElementById("keys-dialog")?.showModal();
  };
  const rows = () => [...document.querySelectorAll("[data-rows] [data-row]")].filter((row) => row.offsetParent);
  // A list's own search comes before the one of every page.
  const searches = () => ["[data-list-search]", "[data-global-search]"].flatMap((marker) => [...document.querySelectorAll(marker)]);
  const search = () => searches().find((field) => field.checkVisibility({ visibilityProperty: true }));
  const current = () => document.querySelector("[data-row].is-current");

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-open-keys]")) showKeys();
  });

  function isTyping(target) {
    return target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName) && target.type !== "checkbox";
  }

  function move(by) {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(current());
    const next = all[Math.min(all.length - 1, Math.max(0, at < 0 && by < 0 ? all.length - 1 : at + by))];
    current()?.classList.remove("is-current");
    next.classList.add("is-current");
    next.tabIndex = -1;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  function follow(row, marker) {
    const goal = row?.querySelector(marker);
    if (goal) goal.click();
    return Boolean(goal);
  }

  const actions = {
    "/": () => search()?.focus(),
    "?": showKeys,
    j: () => move(1),
    k: () => move(-1),
    x: () => follow(current(), "input[type=checkbox]"),
    e: () => follow(current(), "[data-row-edit]"),
    a: () => follow(current(), "[data-row-accept]"),
    r: () => follow(current(), "[data-row-reject]"),
    u: () => follow(document.getElementById("toasts"), "[data-undo]"),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]") || root.dataset.singleKeys !== "on") return;
    if (event.key === "Enter" && event.target === current()) {
      if (follow(current(), "[data-row-link]")) event.preventDefault();
      return;
    }
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
})();
