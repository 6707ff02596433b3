// Leaves at once: blanks the page, then takes its place in the history. So does Escape three times.
(() => {
  "use strict";
  const exit = () => document.querySelector("[data-quick-exit]");
  if (!exit() || document.documentElement.dataset.exit) return;
  document.documentElement.dataset.exit = "ready";
  const leave = (event) => {
    const address = exit().href;
    event.preventDefault();
    document.title = "\u00a0";
    document.documentElement.hidden = true;
    document.body.textContent = "";
    window.location.replace(address);
  };
  let presses = [];
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-quick-exit]")) leave(event);
  });
  document.addEventListener("keydown", (event) => {
    presses = event.key === "Escape" ? presses.filter((time) => event.timeStamp - time < 2000).concat(event.timeStamp) : [];
    if (presses.length >= 3 && exit()) leave(event);
  });
  // Blanked, and back from the browser's memory: fetched anew.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && document.documentElement.hidden) window.location.reload();
  });
})();
