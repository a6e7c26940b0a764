// Questions of a survey, and steps of a path, change places: dragged by their handle (mouse, pen, finger), or with Alt and an arrow key.
// A move is sent like any button of the form, with all that is typed; without script the buttons Up and Down do it.
(() => {
  const bench = () => document.getElementById("bench");
  const cards = () => [...bench().querySelectorAll("[data-question]")];
  const isBusy = () => bench().classList.contains("htmx-request");
  const MEANT = 5; // pixels: less is a click, not a drag
  const EDGE = 70; // pixels from the window's edge where the page begins to scroll
  let drag;

  function prepare() {
    for (const part of bench()?.querySelectorAll("[data-handle], [data-moving-hint]") ?? []) part.hidden = false;
  }

  function move(key, place) {
    const button = bench().querySelector("[data-mover]");
    button.value = `move:${key}:${place}`;
    button.click();
  }

  // Where the cards stand while one is held: CSS `order`, so that nothing typed and no focus is touched.
  function arrange(order) {
    order.forEach((card, at) => { card.style.order = at; });
  }

  function begin() {
    const { card } = drag;
    const top = card.getBoundingClientRect().top;
    bench().classList.add("is-sorting");
    card.classList.add("is-held");
    // Cards are folded now: the one that is held stays under the pointer.
    scrollBy({ top: card.getBoundingClientRect().top - top, behavior: "instant" });
    drag.hold = drag.startY - top;
    drag.order = cards();
    drag.begun = true;
    scroll();
  }

  function follow() {
    const { card, y, hold } = drag;
    const others = drag.order.filter((each) => each !== card);
    const above = others.filter((each) => {
      const box = each.getBoundingClientRect();
      return box.top + box.height / 2 < y;
    });
    drag.order = [...others.slice(0, above.length), card, ...others.slice(above.length)];
    arrange(drag.order);
    card.style.translate = "none";
    card.style.translate = `0 ${y - hold - card.getBoundingClientRect().top}px`;
  }

  function scroll() {
    if (!drag?.begun) return;
    const over = Math.min(0, drag.y - EDGE) + Math.max(0, drag.y - (innerHeight - EDGE));
    if (over) {
      scrollBy({ top: over / 5, behavior: "instant" });
      follow();
    }
    requestAnimationFrame(scroll);
  }

  function unfold(card) {
    for (const each of cards()) each.style.order = "";
    bench().classList.remove("is-sorting");
    card?.scrollIntoView({ block: "nearest" });
  }

  function end(isMeant) {
    if (!drag) return;
    const { card, begun, order } = drag;
    drag = undefined;
    if (!begun) return;
    const place = order.indexOf(card) + 1;
    const moved = isMeant && place !== cards().indexOf(card) + 1;
    card.classList.remove("is-held");
    card.style.translate = "none";
    if (!moved) unfold(card);
    card.querySelector("[data-handle]").focus({ preventScroll: true });
    if (moved) move(card.dataset.question, place);
  }

  document.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest?.("[data-handle]");
    if (!handle || event.button !== 0 || isBusy()) return;
    handle.focus({ preventScroll: true });
    drag = { card: handle.closest("[data-question]"), pointer: event.pointerId, startY: event.clientY, y: event.clientY };
  });
  document.addEventListener("pointermove", (event) => {
    if (event.pointerId !== drag?.pointer) return;
    drag.y = event.clientY;
    if (!drag.begun && Math.abs(drag.y - drag.startY) >= MEANT) begin();
    if (drag.begun) follow();
  });
  document.addEventListener("pointerup", (event) => { if (event.pointerId === drag?.pointer) end(true); });
  document.addEventListener("pointercancel", (event) => { if (event.pointerId === drag?.pointer) end(false); });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") end(false);
    const card = event.target.closest?.("[data-question]");
    const way = { ArrowUp: "[data-up]", ArrowDown: "[data-down]" }[event.key];
    // In a select, Alt and an arrow open its list.
    if (!card || !way || !event.altKey || event.ctrlKey || event.metaKey || event.target.tagName === "SELECT") return;
    event.preventDefault();
    const button = card.querySelector(way);
    if (button && !button.disabled && !isBusy()) move(card.dataset.question, cards().indexOf(card) + (event.key === "ArrowUp" ? 0 : 2));
  });

  // What is typed between sending the form and its answer is put into the new form.
  const fields = () => [...bench().querySelectorAll("textarea, .way input, .step-fields :is(input, select)")];
  let sent;
  document.addEventListener("htmx:beforeSend", (event) => {
    if (event.target === bench()) sent = new Map(fields().map((field) => [field.name, field.value]));
  });
  let typed = [];
  let focused;
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.target !== bench() || !sent) return;
    focused = document.activeElement.id;
    typed = fields().filter((field) => field.value !== sent.get(field.name)).map((field) => [field.name, field.value]);
    sent = undefined;
  });

  // A move that did not reach the server leaves all as it was.
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.target === bench() && !event.detail.successful) unfold();
  });

  // What is asked before publishing stands above everything until it is answered.
  function ask() {
    const question = bench()?.querySelector("[data-ask]");
    if (!question) return;
    question.close();
    question.showModal();
    question.querySelector("button").focus();
  }

  // Focus stays where it was if that is still there; else it goes to the question that was moved or added.
  function focus() {
    const { touched } = bench().dataset;
    const heading = touched && document.getElementById(touched);
    if (!heading) return;
    const card = heading.closest("[data-question]");
    const before = focused && document.getElementById(focused);
    const goal = before && card.contains(before) && !before.disabled ? before : heading;
    goal.focus({ preventScroll: true });
    goal.scrollIntoView({ block: "nearest", behavior: "instant" });
  }

  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target !== bench()) return;
    prepare();
    for (const [name, value] of typed) {
      const field = fields().find((each) => each.name === name);
      if (field) field.value = value;
    }
    typed = [];
    focus();
    ask();
  });
  prepare();
  ask();
})();
