// Keys of the desk and the clock in the bar. Everything here can be done by mouse or Tab as well.
(() => {
  "use strict";

  // The server's clock, carried on from the moment the page came: the reader's own may be wrong.
  for (const clock of document.querySelectorAll("[data-clock]")) {
    const ahead = Date.parse(clock.dataset.clock) - Date.now();
    const show = () => {
      const now = new Date(Date.now() + ahead);
      clock.textContent = now.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });
      setTimeout(show, 60000 - (now.getTime() % 60000));
    };
    show();
  }

  const rows = () => [...document.querySelectorAll("[data-rows] > tr, tr[data-row]")].filter((row) => row.offsetParent);
  const current = () => document.querySelector("tr.at");
  const move = (step) => {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(current());
    const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
    current()?.classList.remove("at");
    next.classList.add("at");
    next.querySelector("a[href]")?.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    if (document.querySelector("#beside > *")) beside();
  };
  // The case of this row beside the list; once one stands there, it follows J and K.
  let waiting = 0;
  const beside = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => current()?.querySelector("[data-look]")?.click(), 120);
  };
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "beside") event.target.parentElement.classList.add("split");
  });
  for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
  const tick = () => {
    const box = current()?.querySelector("input[type=checkbox]");
    box?.click();
  };
  const help = () => {
    const dialog = document.getElementById("keys-help");
    if (!dialog) return;
    const list = dialog.querySelector("[data-key-list]");
    list.querySelectorAll("[data-found]").forEach((old) => old.remove());
    for (const button of document.querySelectorAll("[data-key]")) {
      if (button.offsetParent === null) continue;
      const term = Object.assign(document.createElement("dt"), { className: "" });
      term.append(Object.assign(document.createElement("kbd"), { textContent: button.dataset.key.toUpperCase() }));
      const says = document.createElement("dd");
      const label = button.cloneNode(true);
      label.querySelectorAll("kbd").forEach((key) => key.remove());
      says.textContent = label.textContent.trim();
      term.dataset.found = says.dataset.found = "";
      list.append(term, says);
    }
    dialog.showModal();
  };

  const typing = (target) => target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  const fixed = {
    j: () => move(1),
    k: () => move(-1),
    x: tick,
    v: beside,
    "/": () => document.querySelector("[data-search]")?.focus(),
    "?": help,
  };

  document.addEventListener("keydown", (event) => {
    // While a Chinese word is being composed every key belongs to the input method (229 where isComposing is late).
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]")) return;
    if (typing(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key === "Enter") {
      if (event.target.closest("a, button, summary")) return;
      current()?.querySelector("a[href]")?.click();
      return;
    }
    const own = [...document.querySelectorAll("[data-key]")].find((button) => button.dataset.key === key && button.offsetParent);
    const act = own ? () => own.click() : fixed[key];
    if (!act) return;
    event.preventDefault();
    act();
  });
})();
