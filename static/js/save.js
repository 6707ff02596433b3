// Keeps the answers so far while a pupil works: one save at a time, again after a lost network.
"use strict";
(() => {
  const form = document.querySelector("form[data-save]");
  if (!form || !window.fetch) return;
  const status = document.querySelector("[data-save-status]");
  let wanted = false, running = false, handedIn = false, timer = 0;
  const say = (text) => { if (status && status.textContent !== text) status.textContent = text; };
  const save = async () => {
    if (handedIn) return;
    if (running) { wanted = true; return; }
    running = true;
    wanted = false;
    try {
      const answer = await fetch(form.dataset.save, { method: "POST", body: new FormData(form), redirect: "error" });
      if (answer.ok) say(status.dataset.kept);
      else if (answer.status >= 500) wanted = true;
    } catch (error) {
      wanted = true;
      say(status.dataset.waiting);
    }
    running = false;
    if (wanted) { clearTimeout(timer); timer = setTimeout(save, 4000); }
  };
  form.addEventListener("change", () => { clearTimeout(timer); timer = setTimeout(save, 600); });
  form.addEventListener("submit", () => { handedIn = true; clearTimeout(timer); });
  window.addEventListener("pageshow", () => { handedIn = false; });
  window.addEventListener("online", () => { if (wanted) save(); });
})();
