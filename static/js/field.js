// Field work without network. Nothing is shown as done before the server has answered; until then the words say so.
(() => {
  "use strict";

  const words = document.querySelector("[data-field-words]").dataset;
  const fill = (text, values) => (text ?? "").replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  const clock = (iso) => new Date(iso).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });
  const make = (tag, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };
  const visit = document.querySelector("[data-visit]");
  const shown = new Map(); // draft id → the form on this page

  // --- The page itself: kept for places without network, once the task is taken along.
  const keepPages = async () => {
    if (!("caches" in window) || !navigator.onLine) return;
    const kept = await caches.open("field");
    const parts = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], link[rel=manifest], script[src]")];
    const pages = [words.scope, ...(visit?.dataset.taken ? [location.pathname] : [])];
    const wanted = [...pages, ...parts.map((part) => part.href || part.src)];
    const answers = await Promise.all(wanted.map(async (url) => {
      const answer = await fetch(url, { credentials: "same-origin" });
      if (answer.ok && !answer.redirected) await kept.put(url, answer);
      return answer.ok && !answer.redirected;
    }));
    const says = document.querySelector("[data-cached]");
    if (says && answers.every(Boolean)) says.textContent = words.cached;
  };
  const forgetPage = async () => {
    if (visit && "caches" in window) await (await caches.open("field")).delete(location.pathname);
  };

  // --- A draft: what was typed and photographed into one form.
  const idOf = (form) => `${words.user}:${visit.dataset.visit}:${form.dataset.field}`;
  const blank = (form) => ({
    id: idOf(form), user: words.user, task: visit.dataset.visit, act: form.dataset.field, label: form.dataset.label, title: visit.dataset.title,
    page: location.pathname, url: form.action, nonce: form.dataset.nonce, key: form.elements.key?.value ?? "", fields: [], files: [],
    savedAt: "", readyAt: "", mistakes: [],
  });
  const HANDLES = new Set(["csrfmiddlewaretoken", "key", "nonce", "captured_at"]);
  const read = (form) => [...new FormData(form)].filter(([name, value]) => !(value instanceof File) && !HANDLES.has(name));
  const restore = (form, draft) => {
    const given = new Map();
    for (const [name, value] of draft.fields) given.set(name, [...(given.get(name) ?? []), value]);
    for (const element of form.elements) {
      if (!element.name || element.type === "hidden" || element.type === "file" || HANDLES.has(element.name)) continue;
      const values = given.get(element.name) ?? [];
      if (element.type === "checkbox" || element.type === "radio") element.checked = values.includes(element.value);
      else if (element.tagName === "SELECT" && element.multiple) for (const option of element.options) option.selected = values.includes(option.value);
      else element.value = values.shift() ?? "";
    }
  };

  const save = async (form, changes = {}) => {
    const draft = (await fieldStore.get(idOf(form))) ?? blank(form);
    Object.assign(draft, { fields: read(form), savedAt: new Date().toISOString() }, changes);
    await fieldStore.put(draft);
    show(form, draft);
    return draft;
  };

  // --- What is said of a draft, where its form stands or on the day's list.
  const button = (text, press) => {
    const made = make("button", { type: "button", className: "btn small", textContent: text });
    made.addEventListener("click", press);
    return made;
  };
  const boxOf = (draft) => {
    const form = shown.get(draft.id);
    if (form) return form.querySelector("[data-draft]");
    const list = document.querySelector("[data-drafts]");
    let box = list?.querySelector(`[data-of="${CSS.escape(draft.id)}"]`);
    if (list && !box) {
      box = make("div", { className: "card" });
      box.dataset.of = draft.id;
      list.append(box);
    }
    return box;
  };
  const say = (draft, tone, lines, ...actions) => {
    const box = boxOf(draft);
    if (!box) return;
    const form = shown.get(draft.id);
    const title = form ? [] : [make("p", {}, make("a", { href: draft.page, textContent: `${draft.label} · ${draft.title}` }))];
    const note = make("div", { className: "field-draft" }, ...title, ...lines.map((text) => make("p", { textContent: text, className: `notice ${tone}` })));
    note.setAttribute("role", "status");
    if (actions.length) note.append(make("p", { className: "row wrap" }, ...actions));
    box.replaceChildren(note, ...(form ? photosOf(form, draft) : []));
  };
  const photosOf = (form, draft) => draft.files.map((file) => {
    const line = make("p", { className: "row between small" }, make("span", { textContent: `${file.name} · ${(file.blob.size / 1024).toFixed(0)} KB` }));
    line.append(button(words.remove, async () => save(form, { files: draft.files.filter((one) => one !== file) })));
    return line;
  });
  const drop = async (draft) => {
    if (!confirm(words.sure)) return;
    await fieldStore.drop(draft.id);
    location.reload();
  };
  const show = (form, draft, more = []) => {
    const stored = `${words.stored} · ${fill(words.when, { time: clock(draft.readyAt || draft.savedAt) })}`;
    const lines = [stored, ...(draft.readyAt ? [words.ready] : []), ...more];
    const actions = [...(draft.readyAt ? [button(words.send, () => send(draft.id))] : []), button(words.drop, () => drop(draft))];
    say(draft, "amber", draft.mistakes.length ? [stored, words.mistakes, ...draft.mistakes] : lines, ...actions);
  };

  // --- Synchronising. The key makes a repeat harmless, so whatever is in doubt is sent again.
  const cookie = (name) => document.cookie.split("; ").find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
  const bodyOf = (draft) => {
    const body = new FormData();
    for (const [name, value] of draft.fields) body.append(name, value);
    for (const file of draft.files) body.append(file.field, file.blob, file.name);
    body.append("key", draft.key);
    body.append("nonce", draft.nonce);
    body.append("captured_at", draft.readyAt);
    return body;
  };
  const signIn = () => make("a", { className: "btn small", href: `${words.signin}?next=${encodeURIComponent(location.pathname)}`, textContent: words.toSignin });
  const count = async () => {
    const note = document.getElementById("drafts-count");
    const left = note ? (await fieldStore.all()).filter((draft) => draft.user === words.user).length : 0;
    if (note) Object.assign(note, { textContent: fill(words.many, { n: left }), hidden: !left });
  };
  const settle = async (draft, answer) => {
    await fieldStore.drop(draft.id);
    await count();
    const form = shown.get(draft.id);
    if (answer.state === "done") {
      say(draft, "green", [fill(words.done, { captured: answer.captured || clock(draft.readyAt), recorded: answer.recorded })], button(words.reload, () => location.assign(location.pathname)));
    } else {
      say(draft, "amber", [answer.said], make("a", { className: "btn small", href: answer.url, textContent: words.look }));
    }
    if (form) {
      const note = form.querySelector("[data-draft]");
      form.replaceWith(note);
      shown.delete(draft.id);
      await forgetPage();
      await keepPages();
    }
  };
  const transmit = async (draft) => {
    say(draft, "amber", [words.stored, words.sending]);
    let answer = null;
    try {
      answer = await fetch(draft.url, { method: "POST", body: bodyOf(draft), credentials: "same-origin",
        headers: { Accept: "application/json", "X-CSRFToken": cookie("csrftoken") } });
    } catch {
      return show(null, draft);
    }
    if (answer.status === 401 || answer.status === 403 || answer.redirected) return say(draft, "amber", [words.stored, words.signinFirst], signIn());
    if (answer.status === 409 || answer.status === 422) {
      const said = await answer.json().catch(() => ({ said: [] }));
      draft.readyAt = "";
      draft.mistakes = said.said ?? [];
      await fieldStore.put(draft);
      return show(null, draft);
    }
    const said = answer.ok ? await answer.json().catch(() => null) : null;
    return said ? settle(draft, said) : show(null, draft);
  };
  const send = async (id) => {
    const draft = await fieldStore.get(id);
    if (!draft?.readyAt) return;
    if (!navigator.onLine) {
      show(null, draft);
      return;
    }
    await transmit(draft);
  };
  const sendAll = async () => {
    if (!navigator.onLine) return;
    const mine = (await fieldStore.all()).filter((draft) => draft.user === words.user && draft.readyAt);
    mine.sort((a, b) => a.readyAt.localeCompare(b.readyAt)); // in the order of the work
    for (const draft of mine) await send(draft.id);
  };
  const synchronise = () => (navigator.locks ? navigator.locks.request("field", sendAll) : sendAll());

  // --- The pad to sign on: a picture like any other, so that without it a photograph of the slip does.
  const pad = (form, input) => {
    const canvas = make("canvas", { width: 640, height: 240 });
    canvas.setAttribute("aria-label", words.sign);
    const pen = canvas.getContext("2d");
    let drawn = false;
    const white = () => { pen.fillStyle = "#fff"; pen.fillRect(0, 0, canvas.width, canvas.height); pen.strokeStyle = "#000"; pen.lineWidth = 4; pen.lineCap = "round"; };
    const spot = (event) => [event.offsetX * canvas.width / canvas.clientWidth, event.offsetY * canvas.height / canvas.clientHeight];
    white();
    canvas.addEventListener("pointerdown", (event) => { canvas.setPointerCapture(event.pointerId); pen.beginPath(); pen.moveTo(...spot(event)); drawn = true; });
    canvas.addEventListener("pointermove", (event) => { if (event.buttons) { pen.lineTo(...spot(event)); pen.stroke(); } });
    canvas.addEventListener("pointerup", () => {
      if (drawn) canvas.toBlob((blob) => keepFiles(form, input.name, [new File([blob], "signature.png", { type: "image/png" })], true), "image/png");
    });
    const wipe = button(words.wipe, async () => { white(); drawn = false; await keepFiles(form, input.name, [], true); });
    input.after(make("div", { className: "field-pad" }, make("span", { className: "small muted", textContent: words.sign }), canvas, make("p", {}, wipe)));
  };
  const keepFiles = async (form, field, chosen, instead) => {
    const draft = (await fieldStore.get(idOf(form))) ?? blank(form);
    const others = instead ? draft.files.filter((file) => file.field !== field) : draft.files;
    await save(form, { files: [...others, ...chosen.map((file) => ({ field, name: file.name, blob: file }))] });
  };

  const take = async (form) => {
    const known = await fieldStore.get(idOf(form));
    shown.set(idOf(form), form);
    if (known) {
      restore(form, known);
      show(form, known);
    }
    let timer = 0;
    let waiting = Promise.resolve();
    const soon = () => { clearTimeout(timer); timer = setTimeout(() => { waiting = waiting.then(() => save(form, { readyAt: "", mistakes: [] })); }, 300); };
    form.addEventListener("input", (event) => { if (event.target.type !== "file") soon(); });
    form.addEventListener("change", (event) => {
      const input = event.target;
      if (input.type !== "file") return;
      const chosen = [...input.files];
      input.value = ""; // kept in the draft now; the next photograph is added to it
      waiting = waiting.then(() => keepFiles(form, input.name, chosen, input.dataset.camera === "signature"));
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      clearTimeout(timer);
      await waiting;
      const draft = await save(form, { readyAt: new Date().toISOString(), mistakes: [] });
      await (navigator.onLine ? synchronise() : show(form, draft));
    });
    for (const input of form.querySelectorAll("[data-camera=signature]")) pad(form, input);
  };

  const begin = async () => {
    if ("serviceWorker" in navigator) await navigator.serviceWorker.register(words.worker, { scope: words.scope }).catch(() => null);
    for (const form of document.querySelectorAll("form[data-nonce]")) await take(form);
    const mine = (await fieldStore.all()).filter((draft) => draft.user === words.user);
    const list = document.querySelector("[data-drafts]");
    if (list && mine.length) list.before(make("p", { className: "notice amber", id: "drafts-count" }));
    await count();
    for (const draft of mine) if (!shown.has(draft.id) && (list || draft.page === location.pathname)) show(null, draft);
    await keepPages().catch(() => null);
    await synchronise();
    document.documentElement.dataset.field = "ready";
  };
  addEventListener("online", synchronise);
  begin();
})();
