// Before the first paint: which theme, and "JavaScript is here". Loaded in <head> without defer on purpose:
// the policy forbids inline script, and a deferred one would flash the wrong colours.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const wish = root.dataset.theme;
    root.dataset.bsTheme = wish === "dark" || (wish !== "light" && dark.matches) ? "dark" : "light";
  };
  root.classList.add("js");
  dark.addEventListener("change", apply);
  document.addEventListener("yetkin:theme", apply);
  apply();
})();
