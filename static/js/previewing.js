// The preview follows what is typed: the form is sent to it, nothing is kept, and its page is put into the frame.
(() => {
  const part = document.querySelector("[data-preview]");
  const frame = part?.querySelector("iframe");
  const bench = () => document.getElementById("bench");
  if (!frame || !bench()) return;
  const PAUSE = 350; // milliseconds without a key before the preview is renewed
  const KEPT = "churnapp:preview";
  const steps = part.querySelector("[data-preview-steps]");
  const stale = part.querySelector("[data-preview-stale]");
  const shown = () => frame.contentDocument;
  let language = bench().dataset.language;
  let beside = language; // as the page was asked for
  let asked;
  let timer;
  let isStarted = false;
  let isBehind = false; // something was typed before the frame had its page

  const one = () => steps.querySelector(":checked").value;

  // The builder's form, and the answers that were given in the frame; `sent` are those of a form sent there.
  function body(sent) {
    const all = new FormData(bench());
    all.delete("do");
    const form = shown()?.querySelector("form");
    for (const [name, value] of sent ?? (form ? new FormData(form) : [])) all.append(name, value);
    all.set("lang", language);
    all.set("one", one());
    return all;
  }

  async function renew(sent) {
    clearTimeout(timer);
    isBehind = !isStarted;
    if (isBehind) return; // the page under way would replace what is put there
    asked?.abort();
    const mine = new AbortController();
    asked = mine;
    try {
      const answer = await fetch(part.dataset.preview, { method: "POST", body: body(sent), signal: mine.signal });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      put(new DOMParser().parseFromString(await answer.text(), "text/html"), Boolean(sent));
      stale.hidden = true;
    } catch (error) {
      if (error.name !== "AbortError") stale.hidden = false;
    }
  }

  // Without going anywhere: the frame keeps its place, its styles and its policy, and Back leads where it did.
  function put(fresh, isStep) {
    const page = shown();
    page.documentElement.lang = fresh.documentElement.lang;
    page.title = fresh.title;
    page.body.replaceWith(page.adoptNode(fresh.body));
    if (!isStep) return;
    page.defaultView.scrollTo(0, 0);
    const main = page.querySelector("main");
    main.tabIndex = -1;
    main.focus({ preventScroll: true });
  }

  // In the frame: its form leads from question to question, its links choose a language or how many are shown.
  function listen() {
    shown().addEventListener("submit", (event) => {
      event.preventDefault();
      renew(new FormData(event.target, event.submitter));
    });
    shown().addEventListener("click", (event) => {
      const link = event.target.closest?.("a[href^='?']");
      if (!link) return;
      event.preventDefault();
      const query = new URLSearchParams(link.getAttribute("href"));
      language = query.get("lang") ?? language;
      show(query.get("one") ?? "");
      renew(new FormData());
    });
  }

  function show(value) {
    steps.querySelector(`[value="${value}"]`).checked = true;
    keep();
  }

  const keep = () => sessionStorage.setItem(KEPT, JSON.stringify({ seen: part.querySelector("[name=seen-on]:checked").value, one: one() }));

  function restore() {
    const { seen, one: value } = JSON.parse(sessionStorage.getItem(KEPT) ?? "{}");
    if (seen) part.querySelector(`[value="${seen}"]`).checked = true;
    if (value) show(value);
    if (value) renew(new FormData());
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(renew, PAUSE);
  }
  const isTyped = (event) => bench().contains(event.target);
  // It speaks the language of the words that somebody is at.
  document.addEventListener("focusin", (event) => {
    const spoken = isTyped(event) && event.target.matches("textarea") && event.target.lang;
    if (!spoken || spoken === language) return;
    language = spoken;
    later();
  });
  document.addEventListener("input", (event) => { if (isTyped(event)) later(); });
  part.addEventListener("change", (event) => {
    keep();
    if (event.target.name === "shown") renew(new FormData());
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target !== bench()) return;
    if (bench().dataset.language !== beside) language = bench().dataset.language;
    beside = bench().dataset.language;
    renew();
  });

  function start() {
    listen();
    if (isStarted) return;
    isStarted = true;
    for (const each of [steps, ...part.querySelectorAll("[data-preview-live]")]) each.hidden = false;
    if (isBehind) renew();
    restore();
  }
  frame.addEventListener("load", start);
  if (shown()?.readyState === "complete" && shown().URL !== "about:blank") start();
})();
