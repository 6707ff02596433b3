// Shows “Read aloud” where the device itself has a voice for the page's language; the reader is loaded when it is asked.
(() => {
  "use strict";
  const button = document.querySelector("[data-read-aloud]"), speech = window.speechSynthesis;
  const language = document.documentElement.lang.slice(0, 2);
  const has = () =>
    Boolean(speech) && speech.getVoices().some((one) => one.localService && one.lang.slice(0, 2).toLowerCase() === language);
  const show = () => {
    if (button) button.hidden = !has();
    document.querySelectorAll("[data-no-voice]").forEach((line) => (line.hidden = has()));
  };
  if (speech && speech.addEventListener) speech.addEventListener("voiceschanged", show);
  show();
  if (button)
    button.addEventListener("click", () => {
      const reader = document.createElement("script");
      reader.src = button.dataset.reader;
      document.head.appendChild(reader);
    }, { once: true });
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
