// Put in order: buttons move an item. Match: a tap joins an answer to the row that waits. Selects stay the form's truth.
(() => {
  "use strict";
  const put = (select, value) => {
    select.value = value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const made = (className, textContent, onclick) =>
    Object.assign(document.createElement("button"), { type: "button", className, textContent, onclick });
  const filled = (pattern, values) => pattern.replace(/%(\w)/g, (_all, key) => values[key]);
  const select = (row) => row.querySelector("select");
  const named = (row) => row.querySelector("label").textContent.trim();
  const ready = (box) => {
    Array.from(box.children).forEach((row) => (select(row).hidden = true));
    const status = box.parentNode.querySelector("[role=status]");
    return (pattern, values) => (status.textContent = filled(pattern, values));
  };
  const order = (list) => {
    const say = ready(list), words = list.dataset, rows = () => Array.from(list.children);
    const place = (row) => Number(select(row).value);
    let isAnswered = rows().every(place);
    const settle = () =>
      rows().forEach((row, at) => {
        if (isAnswered) select(row).value = at + 1;
        const [up, down] = row.querySelectorAll(".order__move");
        up.disabled = !at;
        down.disabled = !row.nextElementSibling;
      });
    const answer = (row, button) => {
      isAnswered = keep.hidden = true;
      settle();
      put(select(row), place(row));
      (button.hidden || button.disabled ? row.querySelector(".order__move:not([disabled])") : button).focus();
      say(words.place, { s: named(row), p: place(row), t: rows().length });
    };
    // An order that nobody touched is no answer.
    const keep = list.nextElementSibling;
    keep.onclick = () => answer(list.firstElementChild, keep);
    if (isAnswered) rows().sort((a, b) => place(a) - place(b)).forEach((row) => list.appendChild(row));
    rows().forEach((row) =>
      ["↑", "↓"].forEach((sign, down) => {
        const button = made("btn order__move", sign, () => {
          list.insertBefore(...(down ? [row.nextElementSibling, row] : [row, row.previousElementSibling]));
          answer(row, button);
        });
        button.setAttribute("aria-label", filled(down ? words.down : words.up, { s: named(row) }));
        row.appendChild(button);
      }));
    keep.hidden = isAnswered;
    settle();
  };
  const match = (box) => {
    const say = ready(box), words = box.dataset, rows = Array.from(box.children), selects = rows.map(select);
    const pool = box.nextElementSibling;
    let waits;
    const join = ({ target }) => {
      const at = Array.from(pool.children).indexOf(target), row = waits;
      put(select(row), target.value);
      say(words.joined, { s: named(row), p: target.textContent });
      (pool.children[at] || pool.lastElementChild || row.lastElementChild).focus();
    };
    const draw = () => {
      if (!waits || select(waits).value) waits = rows.find((row) => !select(row).value);
      rows.forEach((row) => {
        const slot = row.lastElementChild, { value, selectedOptions } = select(row);
        slot.textContent = value ? selectedOptions[0].textContent : words.empty;
        slot.className = "match__slot" + (value ? " match__slot--full" : "");
        slot.setAttribute("aria-pressed", row === waits);
        slot.setAttribute("aria-label", named(row) + " → " + slot.textContent);
      });
      pool.textContent = "";
      Array.from(selects[0].options).forEach(({ value, textContent }) => {
        if (value && !selects.some((one) => one.value === value))
          pool.appendChild(made("match__answer", textContent, join)).value = value;
      });
    };
    box.addEventListener("change", ({ target }) => {
      const other = target.value && selects.find((one) => one !== target && one.value === target.value);
      if (other) put(other, "");
      draw();
    });
    rows.forEach((row) => row.appendChild(made("", "", () => put(select((waits = row)), ""))));
    draw();
  };
  document.querySelectorAll("[data-order]").forEach(order);
  document.querySelectorAll("[data-match]").forEach(match);
})();
