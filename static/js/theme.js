// Runs before the page is painted: "auto" becomes the device's choice, and follows it.
(() => {
  const root = document.documentElement;
  if (root.dataset.themeChoice !== "auto") return;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => { root.dataset.bsTheme = dark.matches ? "dark" : "light"; };
  dark.addEventListener("change", apply);
  apply();
})();
