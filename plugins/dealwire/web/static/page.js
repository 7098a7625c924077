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

  // Times are written in UTC; the reader's own time is a hover away.
  for (const time of document.querySelectorAll("time[datetime*=T]")) {
    const moment = new Date(time.dateTime);
    if (Number.isNaN(moment.getTime())) continue;
    const own = Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" }).format(moment);
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    time.title = `${time.title ? `${time.title}; ` : ""}${own} ${zone}`;
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

  // Decisions: JSON from our own page only; the answer is told where the button is.
  for (const form of document.querySelectorAll("form.decide")) {
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const told = form.querySelector("[role=status]");
      const about = { action: event.submitter.value, reason: form.elements.reason.value };
      const { dealId, mentionId } = form.dataset;
      if (dealId) about.deal_id = Number(dealId);
      if (mentionId) about.mention_id = Number(mentionId);
      if (form.elements.other_deal_id) about.other_deal_id = Number(form.elements.other_deal_id.value);
      for (const button of form.querySelectorAll("button")) button.disabled = true;
      let text = "The server could not be reached; nothing was decided.";
      let done = false;
      try {
        const answer = await fetch(form.dataset.to, {
          method: "POST",
          headers: { "content-type": "application/json", accept: "application/json" },
          body: JSON.stringify(about),
        });
        const said = await answer.json();
        done = answer.status === 201;
        text = done
          ? `Recorded as judgement ${said.judgement_id}. The next run of extract_deals carries it out.`
          : answer.status === 401 ? "Your login has expired; nothing was decided. Sign in to Airflow again, then reload this page."
          : answer.status === 403 ? "You have no right to decide here." : `Not recorded: ${JSON.stringify(said.detail)}`;
      } catch {
        // the text says it
      }
      told.textContent = text;
      for (const button of form.querySelectorAll("button")) button.disabled = done;
    });
  }
})();
