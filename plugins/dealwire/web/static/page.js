// Small comforts; every page works without this file.
"use strict";
(() => {
  // Inside the Airflow UI: take over its choice of light or dark where it is in reach (same origin).
  const root = document.documentElement;
  const follow = () => {
    try {
      const outer = window.parent.document.documentElement;
      if (outer === root) return;
      const dark = outer.classList.contains("dark");
      const light = outer.classList.contains("light");
      if (dark || light) root.dataset.theme = dark ? "dark" : "light";
    } catch {
      // another origin: the system's choice stays
    }
  };
  follow();
  try {
    const outer = window.parent.document.documentElement;
    if (outer !== root) new MutationObserver(follow).observe(outer, { attributeFilter: ["class"] });
  } catch {
    // as above
  }

  const filters = document.querySelector("form.filters");
  if (filters) {
    for (const field of filters.querySelectorAll("select")) {
      field.addEventListener("change", () => filters.requestSubmit());
    }
    // Empty fields would only make the address long.
    filters.addEventListener("submit", () => {
      for (const field of filters.elements) field.disabled = field.name !== "" && field.value === "";
    });
    window.addEventListener("pageshow", () => {
      for (const field of filters.elements) field.disabled = false;
    });
    const search = filters.querySelector("[data-key]");
    document.addEventListener("keydown", (event) => {
      const typing = event.target instanceof Element && event.target.closest("input, select, textarea");
      if (event.key === search.dataset.key && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        search.focus();
      }
    });
  }
})();
