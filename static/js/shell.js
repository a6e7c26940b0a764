// Menus, the phone's navigation, toasts, what is announced after a swap, and progress.
(() => {
  const body = document.body;
  const byId = (id) => document.getElementById(id);

  // Menus are <details>: one open at a time, closed by Escape or a click elsewhere.
  const openMenus = () => document.querySelectorAll("details[data-menu][open]");
  document.addEventListener("click", (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  });
  // Nor does one stay open behind a dialog: focus comes back to its button when that closes.
  document.addEventListener("churnapp:dialog", () => {
    for (const menu of openMenus()) {
      if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
      menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    showNavigation(false);
  });

  function showNavigation(open) {
    const toggle = document.querySelector("[data-nav-toggle]");
    if (!toggle || toggle.getAttribute("aria-expanded") === String(open)) return;
    toggle.setAttribute("aria-expanded", String(open));
    body.classList.toggle("nav-open", open);
    if (open) byId("sidebar").querySelector("a").focus(); else toggle.focus();
  }
  document.addEventListener("click", (event) => {
    const opens = event.target.closest("[data-nav-toggle]");
    const closes = event.target.closest("[data-nav-close]");
    if (!opens && !closes) return;
    event.preventDefault();
    showNavigation(Boolean(opens) && !body.classList.contains("nav-open"));
  });

  // A definition opens where its button is hovered or focused; a click works without this.
  let closing;
  const definition = (event) => event.target.closest?.("[data-definition]");
  const open = (button) => {
    clearTimeout(closing);
    const panel = byId(button.getAttribute("popovertarget"));
    if (!panel.matches(":popover-open")) panel.showPopover({ source: button });
  };
  const closeSoon = (panel) => {
    clearTimeout(closing);
    closing = setTimeout(() => panel.matches(":popover-open") && panel.hidePopover(), 180);
  };
  document.addEventListener("mouseover", (event) => {
    const button = definition(event);
    if (button) open(button);
    else if (event.target.closest?.("[popover]")) clearTimeout(closing);
  });
  document.addEventListener("focusin", (event) => {
    const button = definition(event);
    if (button?.matches(":focus-visible")) open(button);
  });
  document.addEventListener("focusout", (event) => {
    const button = definition(event);
    if (button) closeSoon(byId(button.getAttribute("popovertarget")));
  });
  document.addEventListener("mouseout", (event) => {
    const button = definition(event);
    const panel = button ? byId(button.getAttribute("popovertarget")) : event.target.closest?.("[data-definition-text]");
    if (panel) closeSoon(panel);
  });

  // Toasts: errors stay, the rest leave after a while, but not under the pointer or with focus inside.
  function dismissLater(toast) {
    if (toast.classList.contains("toast-error") || toast.dataset.timed) return;
    toast.dataset.timed = "yes";
    const leave = () => (toast.matches(":hover, :focus-within") ? setTimeout(leave, 2000) : toast.remove());
    setTimeout(leave, toast.querySelector("form") ? 20000 : 8000);
  }
  function say(text) {
    const toast = document.createElement("div");
    toast.className = "toast-line toast-error";
    toast.setAttribute("role", "alert");
    const close = document.createElement("button");
    close.type = "button";
    close.className = "icon-button";
    close.dataset.toastClose = "";
    close.setAttribute("aria-label", body.dataset.close);
    close.textContent = "×";
    const words = document.createElement("span");
    words.textContent = text;
    toast.append(words, close);
    byId("toasts").append(toast);
  }
  document.addEventListener("click", (event) => {
    event.target.closest("[data-toast-close]")?.closest(".toast-line").remove();
  });
  document.querySelectorAll("[data-toast]").forEach(dismissLater);

  // Where tabs scroll sideways, the one that is open is in sight.
  for (const tabs of document.querySelectorAll(".page-tabs > *")) {
    const open = tabs.querySelector("[aria-current]")?.getBoundingClientRect();
    const room = tabs.getBoundingClientRect();
    if (open && open.right > room.right) tabs.scrollLeft += open.right - room.right + 4;
  }

  // htmx: a line of progress, failures in words, and what changed for those who don't see it.
  let running = 0;
  const count = (by) => {
    running = Math.max(0, running + by);
    document.querySelector("[data-progress]")?.classList.toggle("is-busy", running > 0);
  };
  document.addEventListener("htmx:beforeRequest", () => count(1));
  document.addEventListener("htmx:afterRequest", () => count(-1));
  document.addEventListener("htmx:responseError", (event) => {
    say(event.detail.xhr.status === 403 ? body.dataset.refused : body.dataset.failed);
  });
  document.addEventListener("htmx:sendError", () => say(body.dataset.offline));
  document.addEventListener("htmx:afterSettle", (event) => {
    document.querySelectorAll("[data-toast]").forEach(dismissLater);
    const spoken = event.target.closest?.("[data-announce]") ?? event.target.querySelector?.("[data-announce]");
    if (spoken) byId("announcer").textContent = spoken.dataset.announce;
  });

  // A select or date that sends its form at once; a button does the same without script.
  document.addEventListener("change", (event) => {
    if (event.target.closest("[data-send-on-change]")) event.target.form.requestSubmit();
  });
})();
