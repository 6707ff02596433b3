// Scenes and the neutral switch, without a request and without a trace: no address, no history, nothing stored.
(() => {
  "use strict";
  const onward = document.querySelector(".bar__form button");
  const neutral = document.getElementById("side-neutral");
  const stories = Array.from(document.querySelectorAll("[data-scenes]"));
  let isPlayed = !stories.length;
  // “Continue” is the main thing to do once an ending is reached; before, the story is.
  const weigh = () => {
    if (onward) onward.classList.toggle("btn-primary", isPlayed || Boolean(neutral && neutral.checked));
  };
  const enhance = (box) => {
    const scenes = Array.from(box.querySelectorAll(".scene"));
    const first = scenes.find((scene) => scene.classList.contains("scene--first")) || scenes[0];
    if (!first) return;
    const spread = box.closest(".spread,.projected__spread,.split");
    const art = spread && spread.querySelector(".art");
    const before = [];
    for (let part = box.parentNode.firstElementChild; part !== box; part = part.nextElementSibling) before.push(part);
    const intro = before.filter((part) => !part.matches("[data-read-aloud]"));
    const drawn = art && art.firstElementChild;
    // One picture stands beside the words: the step's, then that of the scene.
    const stage = (scene) => {
      const picture = scene.querySelector(".art");
      const shown = picture ? picture.firstElementChild.cloneNode(true) : scene === first ? drawn : null;
      if (!art || (!shown && scene.querySelector(".feedback"))) return;
      if (shown) art.replaceChild(shown, art.firstElementChild);
      art.hidden = !shown;
      if (picture) picture.hidden = true;
    };
    const show = (shown) => {
      scenes.forEach((scene) => (scene.hidden = scene !== shown));
      intro.forEach((part) => {
        if (part.tagName === "H1") part.classList.toggle("visually-hidden", shown !== first);
        else part.hidden = shown !== first;
      });
      stage(shown);
      const goesOn = shown.querySelector('.choices a,.btn-primary[href^="#"]');
      isPlayed = isPlayed || !goesOn;
      weigh();
    };
    const target = window.location.hash && document.getElementById(window.location.hash.slice(1));
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
      const heading = next.querySelector("h1, h2, h3") || next;
      heading.setAttribute("tabindex", "-1");
      heading.focus({ preventScroll: true });
      const above = spread || box;
      if (above.getBoundingClientRect().top < 0) above.scrollIntoView();
      next.dispatchEvent(new Event("balise:moved", { bubbles: true }));
    });
  };
  stories.forEach(enhance);
  document.querySelectorAll("[data-switch]").forEach((box) => {
    const radios = Array.from(box.querySelectorAll(".switch__radio"));
    const reset = () => radios.forEach((radio, place) => (radio.checked = place === 0));
    reset();
    box.addEventListener("change", weigh);
    window.addEventListener("pagehide", reset);
  });
  weigh();
  // An explained word opens its explanation.
  document.addEventListener("click", (event) => {
    const word = event.target.closest("a.word");
    const fold = word && document.getElementById(word.hash.slice(1));
    if (!fold) return;
    event.preventDefault();
    fold.open = true;
    fold.scrollIntoView({ block: "nearest" });
    fold.querySelector("summary").focus();
  });
})();
