// Leaves at once: blanks the page, then replaces its place in the history. Escape three times does the same.
(() => {
  "use strict";
  const link = document.querySelector("[data-quick-exit]");
  if (!link) return;
  const leave = (event) => {
    if (event) event.preventDefault();
    document.title = "\u00a0";
    document.documentElement.hidden = true;
    document.body.textContent = "";
    window.location.replace(link.href);
  };
  let presses = [];
  link.addEventListener("click", leave);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" && event.key !== "Esc") {
      presses = [];
      return;
    }
    presses = presses.filter((time) => event.timeStamp - time < 2000).concat(event.timeStamp);
    if (presses.length >= 3) leave(event);
  });
  // A page that comes back from the browser's memory may have been blanked: it is fetched anew.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && document.documentElement.hidden) window.location.reload();
  });
})();
