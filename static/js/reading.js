// Reads the card aloud with a voice of the device, sentence by sentence, and marks the sentence. Loaded by voice.js.
(() => {
  "use strict";
  const BLOCKS = "h1,h2,h3,legend,p,li,dt,dd,summary,.choice__body,.order__text,.match__text,.answer__text";
  const follows = document.documentElement.dataset.band === "6-8"; // for those who do not read, the voice goes on with them
  const language = document.documentElement.lang.slice(0, 2);
  const button = document.querySelector("[data-read-aloud]");
  const label = button.querySelector("span") || button;
  const speech = window.speechSynthesis;
  const voice = () =>
    speech.getVoices().find((one) => one.localService && one.lang.slice(0, 2).toLowerCase() === language);
  const isRead = (block) =>
    block.getClientRects().length && !block.closest("nav,.visually-hidden,[data-no-read]") && !block.querySelector(BLOCKS);
  const blocks = (within) => (within ? [within] : Array.from(document.querySelectorAll("main .card"))).reduce(
    (found, card) => found.concat(Array.from(card.querySelectorAll(BLOCKS)).filter(isRead)), []);

  // A block's sentences as places [from, to) in its text.
  const sentences = (block) => {
    const found = [];
    const pattern = /[^.!?…]+(?:[.!?…]+[»”")]*|$)/g;
    for (let match; (match = pattern.exec(block.textContent)); )
      if (/[^\s\W]|[\u00c0-\u024f]/.test(match[0])) found.push({ block, from: match.index, to: pattern.lastIndex, text: match[0].trim() });
    return found;
  };
  const mark = ({ block, from, to }) => {
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    const nodes = [];
    for (let at = 0; walker.nextNode(); at += walker.currentNode.length) {
      const start = Math.max(from - at, 0), end = Math.min(to - at, walker.currentNode.length);
      if (start < end) nodes.push([walker.currentNode, start, end]);
    }
    return nodes.map(([node, start, end]) => {
      const part = start ? node.splitText(start) : node;
      if (end - start < part.length) part.splitText(end - start);
      const marked = document.createElement("mark");
      marked.className = "spoken";
      part.parentNode.replaceChild(marked, part);
      marked.appendChild(part);
      return marked;
    });
  };
  let marks = [], queue = null, said = null, isWanted = false;
  const unmark = () => {
    marks.forEach((marked) => {
      const parent = marked.parentNode;
      while (marked.firstChild) parent.insertBefore(marked.firstChild, marked);
      parent.removeChild(marked);
      parent.normalize();
    });
    marks = [];
  };
  const stop = () => {
    queue = said = null;
    speech.cancel();
    unmark();
    label.textContent = button.dataset.name;
    button.setAttribute("aria-pressed", "false");
  };
  const next = () => {
    unmark();
    const sentence = queue && queue.shift();
    if (!sentence) return stop();
    marks = mark(sentence);
    if (marks[0]) marks[0].scrollIntoView({ block: "nearest" });
    const now = (said = new SpeechSynthesisUtterance(sentence.text));
    said.voice = voice();
    said.lang = document.documentElement.lang;
    said.rate = button.dataset.pace ? 0.7 : 0.95;
    said.onend = () => now === said && next();
    said.onerror = () => now === said && stop();
    speech.speak(said);
  };
  const start = (within) => {
    label.textContent = button.dataset.stop;
    button.setAttribute("aria-pressed", "true");
    queue = blocks(within).reduce((found, block) => found.concat(sentences(block)), []);
    next();
  };
  const toggle = () => {
    isWanted = !queue;
    if (queue) stop();
    else start();
  };
  button.dataset.name = label.textContent;
  button.addEventListener("click", toggle);
  window.addEventListener("pagehide", () => speech.cancel());
  document.addEventListener("balise:moved", (event) => {
    if (queue) stop();
    if (follows && isWanted) start(event.target === document ? null : event.target);
  });
  toggle();
})();
