// One question a screen, all on one page: moving loses nothing.
(() => {
  "use strict";
  const box = document.querySelector("[data-paged]");
  const items = box ? Array.from(box.querySelectorAll(".question,.answer")) : [];
  if (items.length < 2) return;
  const all = (name) => Array.from(document.querySelectorAll("[data-" + name + "]"));
  const way = all("way")[0], last = items.length - 1;
  const isOpen = (item) =>
    Array.from(item.querySelectorAll("select")).some((one) => !one.value)
      || (item.querySelector("input") && !item.querySelector("input:checked"));
  let here = 0;
  const show = (place, moves) => {
    here = Math.max(0, Math.min(last, place));
    items.forEach((item, one) => (item.hidden = one !== here));
    all("intro").forEach((part) => (part.hidden = here > 0));
    all("previous").forEach((part) => (part.hidden = here === 0));
    all("next").forEach((part) => (part.hidden = here === last));
    all("final").forEach((part) => (part.hidden = here < last));
    Array.from(way.children).forEach((buoy, one) => (buoy.className = one < here ? "done" : one === here ? "here" : ""));
    way.setAttribute("aria-label", way.dataset.label.replace("%p", here + 1).replace("%t", last + 1));
    if (!moves) return;
    document.dispatchEvent(new Event("balise:moved"));
    const heading = items[here].querySelector("legend,h2");
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    box.closest(".stage").scrollIntoView();
  };
  items.forEach(() => way.appendChild(document.createElement("span")));
  way.className = "way";
  way.setAttribute("role", "img");
  all("previous").forEach((part) => (part.onclick = () => show(here - 1, true)));
  all("next").forEach((part) => (part.onclick = () => show(here + 1, true)));
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT" || here === last) return;
    event.preventDefault();
    show(here + 1, true);
  });
  const first = items.findIndex(isOpen);
  show("resumed" in box.dataset ? (first < 0 ? last : first) : 0, false);
})();
