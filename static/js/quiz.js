// Put in order: buttons move an item, the selects underneath stay the form's truth. Match: one answer, one row.
(() => {
  "use strict";
  const changed = (select) => select.dispatchEvent(new Event("change", { bubbles: true }));
  const order = (list) => {
    const rows = () => Array.from(list.children);
    const select = (row) => row.querySelector("select");
    const status = document.createElement("p");
    status.className = "visually-hidden";
    status.setAttribute("role", "status");
    list.after(status);
    let isAnswered = rows().every((row) => select(row).value !== "");
    const settle = () =>
      rows().forEach((row, place) => {
        const options = Array.from(select(row).options).filter((option) => option.value !== "");
        if (isAnswered) select(row).value = options[place].value;
        row.querySelectorAll(".order__move").forEach((button, side) => {
          button.disabled = side ? place === rows().length - 1 : place === 0;
        });
      });
    // An order that nobody touched is no answer; the tick says "yes, like this".
    const keep = document.createElement("button");
    keep.type = "button";
    keep.className = "btn btn-secondary btn-sm";
    keep.textContent = "✓ " + (list.dataset.keep || rows().map((_row, place) => place + 1).join(" · "));
    const confirm = () => {
      isAnswered = true;
      keep.hidden = true;
      settle();
    };
    keep.addEventListener("click", () => {
      confirm();
      changed(select(rows()[0]));
    });
    const move = (row, by, button) => {
      const other = by < 0 ? row.previousElementSibling : row.nextElementSibling;
      if (!other) return;
      list.insertBefore(by < 0 ? row : other, by < 0 ? other : row);
      confirm();
      changed(select(row));
      (button.disabled ? row.querySelector(".order__move:not([disabled])") : button).focus();
      const place = rows().indexOf(row) + 1;
      const text = row.querySelector(".order__text").textContent.trim();
      status.textContent = text + " : " + list.dataset.place.replace("%p", place).replace("%t", rows().length);
    };
    const place = (row) => select(row).selectedIndex;
    if (isAnswered) rows().sort((a, b) => place(a) - place(b)).forEach((row) => list.appendChild(row));
    rows().forEach((row) => {
      const text = row.querySelector(".order__text").textContent.trim();
      select(row).hidden = true;
      [["↑", list.dataset.up, -1], ["↓", list.dataset.down, 1]].forEach(([sign, label, by]) => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "btn btn-secondary order__move";
        button.textContent = sign;
        button.setAttribute("aria-label", label + " : " + text);
        button.addEventListener("click", () => move(row, by, button));
        row.appendChild(button);
      });
    });
    keep.hidden = isAnswered;
    list.after(keep);
    settle();
  };
  const match = (box) => {
    const selects = Array.from(box.querySelectorAll("select"));
    box.addEventListener("change", (event) => {
      if (event.target.value === "") return;
      const other = selects.find((one) => one !== event.target && one.value === event.target.value);
      if (!other) return;
      other.value = "";
      changed(other);
    });
  };
  document.querySelectorAll("[data-order]").forEach(order);
  document.querySelectorAll("[data-match]").forEach(match);
})();
