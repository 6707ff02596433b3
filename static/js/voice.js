// Shows “Read aloud” where the device has a voice of its own for the language; the reader comes when it is asked.
(() => {
  "use strict";
  const button = document.querySelector("[data-read-aloud]"), speech = window.speechSynthesis;
  const language = document.documentElement.lang.slice(0, 2);
  const isOurs = (voice) => voice.localService && voice.lang.slice(0, 2).toLowerCase() === language;
  const has = () => Boolean(speech) && speech.getVoices().some(isOurs);
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
})();
