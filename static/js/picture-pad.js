// Four pictures in order: sixteen buttons fill four slots. The radio groups underneath stay the form's truth.
(() => {
  "use strict";
  // The colours are shown on the animal that was chosen.
  const dress = ({ value }) =>
    document.querySelectorAll("[data-colours] use").forEach((use) => {
      use.setAttribute("href", use.getAttribute("href").replace(/animal-\w+$/, "animal-" + value));
    });
  const animals = Array.from(document.querySelectorAll("[name=animal]"));
  animals.forEach((animal) => {
    animal.addEventListener("change", () => dress(animal));
    if (animal.checked) dress(animal);
  });
  document.querySelectorAll("[data-picture-pad]").forEach((pad) => {
    const groups = Array.from(pad.querySelectorAll("[data-pad-group]"));
    const slots = document.createElement("ol");
    const keys = document.createElement("div");
    const status = document.createElement("p");
    slots.className = "pad__slots";
    keys.className = "pad__keys";
    status.className = "visually-hidden";
    status.setAttribute("role", "status");
    const inputs = groups.map((group) => Array.from(group.querySelectorAll("input")));
    const picture = (input) => input.parentNode.querySelector("svg").cloneNode(true);
    const name = (input) => input.parentNode.textContent.trim();
    const chosen = () => inputs.map((group) => group.findIndex((input) => input.checked));
    const draw = () => {
      slots.textContent = "";
      chosen().forEach((place, slot) => {
        const item = document.createElement("li");
        item.className = "pad__slot";
        if (place >= 0) item.appendChild(picture(inputs[slot][place]));
        slots.appendChild(item);
      });
      const names = chosen().map((place, slot) => (place < 0 ? "–" : name(inputs[slot][place])));
      status.textContent = names.join(", ");
    };
    const button = (label, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.addEventListener("click", () => {
        act();
        draw();
      });
      if (label) made.textContent = label;
      return made;
    };
    inputs[0].forEach((input, place) => {
      const key = button("", () => {
        const slot = chosen().indexOf(-1);
        if (slot >= 0) inputs[slot][place].checked = true;
      });
      key.className = "pad__face";
      key.setAttribute("aria-label", name(input));
      key.appendChild(picture(input));
      keys.appendChild(key);
    });
    const undo = button(pad.dataset.undo, () => {
      const open = chosen().indexOf(-1);
      const last = open === -1 ? inputs.length - 1 : open - 1;
      if (last >= 0) inputs[last].forEach((input) => (input.checked = false));
    });
    undo.className = "btn btn-secondary btn-sm mt-3";
    groups.forEach((group) => (group.hidden = true));
    // A required radio that is out of sight cannot show its message: the server's own answer does.
    inputs.forEach((group) => group.forEach((input) => (input.required = false)));
    [slots, keys, undo, status].forEach((element) => pad.appendChild(element));
    draw();
  });
})();
