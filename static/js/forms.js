// Forms work without this file; it spares people double sending, lost typing and unanswered uploads.
(() => {
  "use strict";

  const words = document.querySelector("[data-words]")?.dataset ?? {};
  const fill = (text, values) => (text ?? "").replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  const clock = () => new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });

  // The list of mistakes is where reading starts.
  document.querySelector("[data-focus]")?.focus();

  // One press, one sending. Coming back by the browser's button frees the form again.
  const free = (form) => {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button[aria-busy]")) {
      button.removeAttribute("aria-busy");
      if (button.dataset.label) button.textContent = button.dataset.label;
    }
  };
  const busy = (form, button) => {
    form.dataset.sent = "yes";
    if (!button) return;
    button.setAttribute("aria-busy", "true");
    if (!button.querySelector("kbd, svg") && words.sending) {
      button.dataset.label = button.textContent;
      button.textContent = words.sending;
    }
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.dataset.again !== undefined || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    const button = event.submitter;
    if (form.matches("[data-upload]") && form.querySelector("input[type=file]")?.files.length) {
      event.preventDefault();
      send(form, button);
      return;
    }
    // Marked at once; its looks change only after the browser has read the button's own name and value.
    form.dataset.sent = "yes";
    setTimeout(() => busy(form, button), 0);
  });
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(free));
  for (const name of ["htmx:afterRequest", "htmx:sendError"]) {
    document.addEventListener(name, (event) => {
      const form = event.target.closest?.("form");
      if (form) free(form);
    });
  }

  // No network, or no good answer: say so at once; nothing is shown as done before the server has answered.
  const offline = document.querySelector("[data-offline]");
  const trouble = document.querySelector("[data-trouble]");
  const show = (bar, on) => { if (bar) bar.hidden = !on; };
  const mark = () => show(offline, !navigator.onLine);
  addEventListener("online", mark);
  addEventListener("offline", mark);
  mark();
  document.addEventListener("htmx:sendError", () => show(offline, true));
  document.addEventListener("htmx:responseError", () => show(trouble, true));
  document.addEventListener("htmx:afterSwap", (event) => {
    show(trouble, false);
    mark();
    event.target.querySelector?.("[data-focus]")?.focus();
  });

  // Files: name and size as chosen, the two mistakes that need no server, progress while sending.
  const size = (bytes) => (bytes < 1048576 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1048576).toFixed(1)} MB`);
  const fits = (file, kinds) => kinds.some((kind) =>
    kind.endsWith("/*") ? file.type.startsWith(kind.slice(0, -1)) : kind.startsWith(".") ? file.name.toLowerCase().endsWith(kind) : file.type === kind);
  const complaint = (input, file) => {
    const limit = Number(input.dataset.maxBytes);
    if (limit && file.size > limit) return fill(words.tooBig, { limit: size(limit) });
    const kinds = input.accept.split(",").map((kind) => kind.trim().toLowerCase()).filter(Boolean);
    return kinds.length && !fits(file, kinds) ? fill(words.wrongKind, { kinds: input.dataset.kinds ?? input.accept }) : "";
  };
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || input.type !== "file") return;
    let list = input.parentElement.querySelector(".picked");
    if (!list) {
      list = Object.assign(document.createElement("ul"), { className: "picked" });
      list.setAttribute("role", "status");
      input.after(list);
    }
    let wrong = "";
    list.replaceChildren(...[...input.files].map((file) => {
      const line = document.createElement("li");
      const says = complaint(input, file);
      wrong ||= says;
      line.append(Object.assign(document.createElement("span"), { textContent: file.name }));
      line.append(Object.assign(document.createElement("span"), { textContent: says || size(file.size), className: says ? "error" : "" }));
      return line;
    }));
    input.setCustomValidity(wrong);
  });

  function send(form, button) {
    const wrong = [...form.querySelectorAll("input[type=file]")].find((input) => !input.validity.valid && input.validationMessage);
    if (wrong) {
      wrong.focus();
      return;
    }
    let box = form.querySelector(".sending");
    if (!box) {
      box = Object.assign(document.createElement("div"), { className: "sending" });
      box.append(document.createElement("progress"), document.createElement("p"));
      box.lastChild.setAttribute("role", "status");
      (button ?? form.lastElementChild).after(box);
    }
    const [bar, says] = box.children;
    const body = new FormData(form, button);
    busy(form, button);
    const again = () => {
      says.textContent = words.waiting;
      addEventListener("online", attempt, { once: true });
    };
    const attempt = () => {
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.setRequestHeader("Accept", "text/html");
      request.upload.onprogress = (event) => {
        if (!event.lengthComputable) return;
        bar.max = event.total;
        bar.value = event.loaded;
        says.textContent = `${Math.round((event.loaded / event.total) * 100)} %`;
      };
      request.onload = () => {
        if (request.status >= 500) {
          says.textContent = words.failed;
          free(form);
        } else if (new URL(request.responseURL).href !== new URL(form.action, location.href).href) {
          location.assign(request.responseURL);
        } else {
          history.replaceState(null, "", request.responseURL);
          document.open();
          document.write(request.responseText);
          document.close();
        }
      };
      request.onerror = () => {
        if (!navigator.onLine) return again();
        says.textContent = words.failed;
        free(form);
        return undefined;
      };
      request.send(body);
    };
    attempt();
  }

  // A form with data-autosave="<url>" is kept as a draft; the server answers with any 2xx.
  for (const form of document.querySelectorAll("form[data-autosave]")) {
    const says = form.querySelector("[data-saved]");
    let timer = 0;
    let running = false;
    let dirty = false;
    const save = async () => {
      if (running || !dirty || form.dataset.sent) return;
      running = true;
      dirty = false;
      const body = new FormData(form);
      for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
      try {
        const answer = await fetch(form.dataset.autosave, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
        // A redirect leads to the sign-in page: that is not saved.
        if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
        if (says) says.textContent = fill(words.saved, { time: clock() });
      } catch {
        dirty = true;
        if (says) says.textContent = words.unsaved;
        timer = setTimeout(save, 5000);
      }
      running = false;
      if (dirty && !timer) timer = setTimeout(save, 2000);
    };
    const soon = () => {
      dirty = true;
      clearTimeout(timer);
      timer = setTimeout(() => { timer = 0; save(); }, 2000);
    };
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    addEventListener("online", save);
    document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  }
})();
