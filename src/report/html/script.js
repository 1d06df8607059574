
(() => {
  "use strict";
  const all = (selector) => [...document.querySelectorAll(selector)];
  const episodes = all("details.episode");
  const controls = document.getElementById("episode-controls");
  const filters = controls ? [...controls.querySelectorAll("select")] : [];

  const filter = () => {
    let shown = 0;
    for (const episode of episodes) {
      episode.hidden = filters.some((by) => by.value !== "" && episode.dataset[by.name] !== by.value);
      if (!episode.hidden) shown += 1;
    }
    const count = controls.querySelector("output");
    if (count) count.textContent = `${shown} / ${episodes.length}`;
  };

  // What a link leads to is shown: every disclosure around it is opened, and no filter hides it.
  const reveal = () => {
    const id = location.hash.slice(1);
    const goal = id === "" ? null : document.getElementById(id);
    if (!goal) return;
    if (goal.closest("[hidden]") && filters.length > 0) {
      for (const by of filters) by.value = "";
      filter();
    }
    for (let at = goal; at; at = at.parentElement) {
      if (at instanceof HTMLDetailsElement) at.open = true;
    }
    goal.scrollIntoView();
  };

  if (controls) {
    controls.hidden = false;
    for (const button of controls.querySelectorAll("button")) {
      button.addEventListener("click", () => {
        for (const episode of episodes) {
          if (!episode.hidden) episode.open = button.value === "open";
        }
      });
    }
    for (const by of filters) by.addEventListener("change", filter);
    if (filters.length > 0) filter();
  }
  addEventListener("hashchange", reveal);
  // Following the same link twice changes no hash.
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[href^='#']") : null;
    if (link && link.hash === location.hash) reveal();
  });
  reveal();
})();
