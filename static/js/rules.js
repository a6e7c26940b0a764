// Of a sending rule only what belongs to its *When* is shown; without script all of it, each with what it is for.
(() => {
  const when = document.getElementById("id_trigger");
  if (!when) return;
  const parts = [...document.querySelectorAll("[data-when]")];

  function show() {
    for (const part of parts) part.hidden = !part.dataset.when.split(" ").includes(when.value) && !part.querySelector(".has-error");
  }

  for (const note of document.querySelectorAll("[data-when-note]")) note.hidden = true;
  when.addEventListener("change", show);
  show();
})();
