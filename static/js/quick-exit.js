// Leaves at once: blanks the page, then replaces its place in the history. Escape three times does the same.
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
    if (event.key !== "Escape" && event.key !== "Esc") {
      presses = [];
      return;
    }
    presses = presses.filter((time) => event.timeStamp - time < 2000).concat(event.timeStamp);
    if (presses.length >= 3 && exit()) leave(event);
  });
  // A page that comes back from the browser's memory may have been blanked: it is fetched anew.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && document.documentElement.hidden) window.location.reload();
  });
})();
