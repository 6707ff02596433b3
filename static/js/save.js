// Keeps the answers so far: one save at a time, again after a lost network. 202: sealed on the device.
(() => {
  "use strict";
  const form = document.querySelector("form[data-save]");
  if (!form || !window.fetch) return;
  const status = document.querySelector("[data-save-status]");
  let wanted = false, running = false, handedIn = false, isHere = false, timer = 0;
  const say = (text) => { if (status && status.textContent !== text) status.textContent = text; };
  const hidden = (name, value) => {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    form.appendChild(input);
  };
  const save = async () => {
    if (handedIn) return;
    if (running) { wanted = true; return; }
    running = true;
    wanted = false;
    try {
      const body = new URLSearchParams(new FormData(form)); // Safari 13.1: no formData() in a worker
      const answer = await fetch(form.dataset.save, { method: "POST", body });
      if (answer.redirected) return void location.replace(answer.url.split("?")[0] + "?ended");
      isHere = answer.status === 202;
      if (answer.ok) say(isHere ? status.dataset.here : status.dataset.kept);
      else if (answer.status >= 500) wanted = true;
    } catch (error) {
      wanted = true;
      say(status.dataset.waiting);
    }
    running = false;
    if (wanted) { clearTimeout(timer); timer = setTimeout(save, 4000); }
  };
  hidden("page", Math.random().toString(36).slice(2)); // entries of one opening replace one another
  form.addEventListener("change", () => { clearTimeout(timer); timer = setTimeout(save, 600); });
  form.addEventListener("submit", (event) => {
    const worker = navigator.serviceWorker && navigator.serviceWorker.controller;
    if (navigator.onLine === false && !(worker && document.querySelector("[data-keep]"))) {
      event.preventDefault(); // nothing but this page's memory bridges the gap
      const pressed = event.submitter || document.activeElement;
      say(status.dataset.waiting);
      window.addEventListener("online", () => {
        if (pressed && pressed.name) hidden(pressed.name, pressed.value);
        form.submit();
      }, { once: true });
      return;
    }
    handedIn = true;
    clearTimeout(timer);
  });
  window.addEventListener("pageshow", () => { handedIn = false; });
  window.addEventListener("online", () => { if (wanted || isHere) save(); });
})();
