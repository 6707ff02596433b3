// Scenes and the neutral switch, without a request and without a trace: no address, no history, nothing stored.
(() => {
  "use strict";
  const focusHeading = (element) => {
    const heading = element.querySelector("h1, h2, h3") || element;
    heading.setAttribute("tabindex", "-1");
    heading.focus({ preventScroll: true });
    heading.scrollIntoView({ block: "center" });
  };
  const enhance = (box) => {
    const scenes = Array.from(box.querySelectorAll(".scene"));
    const show = (shown) => {
      scenes.forEach((scene) => {
        scene.hidden = scene !== shown;
      });
    };
    const target = window.location.hash && document.getElementById(window.location.hash.slice(1));
    const first = scenes.find((scene) => scene.classList.contains("scene--first")) || scenes[0];
    if (!first) return;
    scenes.forEach((scene) => scene.classList.remove("scene", "scene--first")); // the style sheet's own way of showing one
    show(scenes.includes(target) ? target : first);
    if (scenes.includes(target)) {
      window.history.replaceState(null, "", window.location.pathname + window.location.search);
    }
    box.addEventListener("click", (event) => {
      const link = event.target.closest('a[href^="#"]');
      const next = link && scenes.find((scene) => "#" + scene.id === link.getAttribute("href"));
      if (!next) return;
      event.preventDefault();
      show(next);
      focusHeading(next);
      next.dispatchEvent(new Event("balise:moved", { bubbles: true }));
    });
  };
  document.querySelectorAll("[data-scenes]").forEach(enhance);
  document.querySelectorAll("[data-switch]").forEach((box) => {
    const radios = Array.from(box.querySelectorAll(".switch__radio"));
    const reset = () => radios.forEach((radio, place) => (radio.checked = place === 0));
    reset();
    window.addEventListener("pagehide", reset);
  });
})();
