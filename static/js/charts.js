// Reads a chart out while the pointer or the arrow keys move over it, from the table below it.
(() => {
  function readout(chart) {
    let box = chart.querySelector(".readout");
    if (!box) {
      box = document.createElement("div");
      box.className = "readout";
      box.setAttribute("aria-live", "polite");
      chart.querySelector("[data-chart-area]").append(box);
    }
    return box;
  }

  function lines(chart, index) {
    const table = chart.querySelector(".chart-data table");
    const heads = [...table.tHead.rows[0].cells].slice(1);
    const row = table.tBodies[0].rows[index];
    return { name: row.cells[0].textContent, values: heads.map((head, at) => ({
      name: head.textContent, tone: head.dataset.tone, text: row.cells[at + 1].textContent })) };
  }

  function show(chart, index) {
    const hits = chart.querySelectorAll(".hit");
    const at = Math.min(hits.length - 1, Math.max(0, index));
    const hit = hits[at];
    chart.dataset.at = at;
    const cursor = chart.querySelector(".cursor");
    cursor.setAttribute("x1", hit.dataset.centre);
    cursor.setAttribute("x2", hit.dataset.centre);
    cursor.setAttribute("visibility", "visible");
    const { name, values } = lines(chart, at);
    const head = document.createElement("strong");
    head.textContent = name;
    const list = values.map(({ name: label, tone, text }) => {
      const line = document.createElement("span");
      line.className = tone;
      const mark = document.createElement("i");
      const value = document.createElement("b");
      value.textContent = text;
      line.append(mark, ` ${label} `, value);
      return line;
    });
    const box = readout(chart);
    box.replaceChildren(head, ...list);
    box.hidden = false;
    const late = parseFloat(hit.dataset.centre) > 50;
    box.classList.toggle("readout-left", late);
    box.style.insetInlineStart = late ? "auto" : `calc(${hit.dataset.centre} + 12px)`;
    box.style.insetInlineEnd = late ? `calc(${100 - parseFloat(hit.dataset.centre)}% + 12px)` : "auto";
  }

  function hide(chart) {
    chart.querySelector(".cursor")?.setAttribute("visibility", "hidden");
    const box = chart.querySelector(".readout");
    if (box) box.hidden = true;
    delete chart.dataset.at;
  }

  const chartOf = (event) => event.target.closest?.("[data-chart-area]")?.closest("[data-chart]");
  const indexOf = (hit) => [...hit.parentNode.querySelectorAll(".hit")].indexOf(hit);

  document.addEventListener("pointerover", (event) => {
    if (event.target.matches?.(".hit")) show(chartOf(event), indexOf(event.target));
  });
  document.addEventListener("pointerout", (event) => {
    const chart = chartOf(event);
    if (chart && !chart.contains(event.relatedTarget)) hide(chart);
  });
  document.addEventListener("click", (event) => {
    const href = event.target.matches?.(".hit[data-href]") && event.target.dataset.href;
    if (href) location.assign(href);
  });
  document.addEventListener("focusout", (event) => {
    const chart = chartOf(event);
    if (chart) hide(chart);
  });
  document.addEventListener("keydown", (event) => {
    const chart = event.target.matches?.("[data-chart-area]") && chartOf(event);
    if (!chart) return;
    const last = chart.querySelectorAll(".hit").length - 1;
    const at = chart.dataset.at === undefined ? last + (event.key === "ArrowLeft" ? 1 : 0) : Number(chart.dataset.at);
    const goal = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key];
    if (goal !== undefined) {
      event.preventDefault();
      show(chart, goal);
    } else if (event.key === "Enter") {
      const href = chart.querySelectorAll(".hit")[at]?.dataset.href;
      if (href) location.assign(href);
    } else if (event.key === "Escape") hide(chart);
  });

  function prepare() {
    for (const area of document.querySelectorAll("[data-chart-area]:not([tabindex])")) {
      area.tabIndex = 0;
      area.setAttribute("role", "group");
      area.setAttribute("aria-label", area.querySelector("svg").getAttribute("aria-label"));
    }
  }
  document.addEventListener("htmx:afterSettle", prepare);
  prepare();
})();
