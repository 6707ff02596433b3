// Asks the worker to keep this module; tells what waits here.
(() => {
  "use strict";
  const line = document.querySelector("[data-worker]");
  if (!line) return;
  const say = (text) => { if (line.textContent !== text) line.textContent = text; };
  const workers = navigator.serviceWorker;
  if (!window.isSecureContext) say(line.dataset.unsafe);
  if (!workers || !window.isSecureContext || !window.indexedDB) return;
  let sent = "";
  workers.addEventListener("message", (event) => {
    const { waiting, state, ready } = event.data;
    if (state) sent = sent === "gone" ? sent : state;
    if (waiting) say(line.dataset.here.replace("%n", waiting));
    else if (sent) say(line.dataset[sent]);
    else if (ready) say(line.dataset.ready);
    if (!waiting) document.dispatchEvent(new Event("balise:sent"));
  });
  const ask = (what) => workers.ready.then((found) => found.active.postMessage(what));
  workers.register(line.dataset.worker, { updateViaCache: "none" }).then(
    () => ask(line.dataset.keep ? { keep: line.dataset.keep } : {}).then(() => ask({})), () => {});
  window.addEventListener("online", () => ask({}));
})();
