// Small behaviours, each keyed by a data-* attribute, each an addition: every page works without this file.
// Events are listened for on the document, so parts that htmx brings later need no wiring.
// Words come from <body data-text-…>, so that they are in the reader's language.
(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const text = (name) => document.body.dataset[`text${name}`] ?? "";
  const seen = (element) => element && element.getClientRects().length > 0;
  const make = (tag, className, words) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (words) element.textContent = words;
    return element;
  };

  // --- Tabs: on a phone the current one may lie beyond the edge -----------------------------------------

  for (const tab of all(".tabs > [aria-current]")) {
    tab.parentElement.scrollLeft = tab.offsetLeft - (tab.parentElement.clientWidth - tab.offsetWidth) / 2;
  }

  // --- Notices: said aloud by the status region the page already has ------------------------------------

  const flashes = () => document.getElementById("flashes");

  // Far down the page a message at its top would not be seen: let it float. Good news goes away by itself.
  function showLate() {
    const region = flashes();
    region.parentElement.classList.toggle("flashes-late", window.scrollY > 120 && region.childElementCount > 0);
    for (const notice of all(".tone-ok", region)) setTimeout(() => notice.remove(), 6000);
  }

  function say(words, tone = "ok") {
    const notice = make("div", `notice tone-${tone}`);
    const close = make("button", "", "×");
    close.type = "button";
    close.dataset.dismiss = "";
    close.setAttribute("aria-label", text("Close"));
    notice.append(make("div", "", words), close);
    flashes()?.replaceChildren(notice);
    showLate();
  }

  document.addEventListener("yetkin:say", ({ detail: { words, tone } }) => say(words, tone));

  document.addEventListener("click", (event) => {
    event.target.closest("[data-dismiss]")?.closest(".notice")?.remove();
  });

  // --- Keyboard: "/" goes to the search -----------------------------------------------------------------

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable], dialog")) return;
    const field = all("[data-search]").find(seen);
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });

  // --- Menus made of <details>: Escape closes and gives the focus back; so does leaving them ------------

  const openMenus = () => all("details.menu[open]");

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      const inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside) menu.querySelector("summary").focus();
    }
  });

  for (const kind of ["click", "focusin"]) {
    document.addEventListener(kind, (event) => {
      for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
    });
  }

  // --- Focus: an error summary is read first; data-focus marks what a fresh part wants read --------------

  function focusOnPurpose(within) {
    const wanted = within.querySelector("[data-error-summary], [data-focus]");
    if (wanted) wanted.focus();
  }

  // A line of the summary leads to its field, not just near it.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-error-summary] a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    const target = field.matches("input, select, textarea") ? field : field.querySelector("input, select, textarea");
    (target ?? field).focus();
    (target ?? field).scrollIntoView({ block: "center" });
  });

  // --- data-confirm="What will happen to whom": asked once, in a dialog ----------------------------------

  const confirmed = new WeakSet();

  function ask(words, label, dangerous) {
    return new Promise((resolve) => {
      const dialog = make("dialog");
      const title = make("h2", "", text("Sure"));
      const question = make("p", "", words);
      const actions = make("div", "actions");
      const no = make("button", "btn btn-secondary", text("Cancel"));
      const yes = make("button", `btn ${dangerous ? "btn-danger" : "btn-primary"}`, label || text("Continue"));
      title.id = "confirm-title";
      question.id = "confirm-text";
      dialog.setAttribute("aria-labelledby", title.id);
      dialog.setAttribute("aria-describedby", question.id);
      no.type = yes.type = "button";
      no.addEventListener("click", () => dialog.close("no"));
      yes.addEventListener("click", () => dialog.close("yes"));
      dialog.addEventListener("close", () => {
        resolve(dialog.returnValue === "yes");
        dialog.remove();
      });
      actions.append(no, yes);
      dialog.append(title, question, actions);
      document.body.append(dialog);
      dialog.showModal();
      no.focus(); // the harmless answer is the nearer one
    });
  }

  // In the capture phase: before htmx and before the double-submit guard see the event.
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      const asker = event.submitter?.dataset.confirm ? event.submitter : form;
      if (!asker.dataset.confirm) return;
      if (confirmed.delete(form)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const button = event.submitter;
      const dangerous = asker.dataset.confirmTone === "danger" || /danger/.test(button?.className ?? "");
      // The button's own word, without what it adds for screen readers.
      const word = [...(button?.childNodes ?? [])].filter((node) => !node.matches?.(".visually-hidden"));
      ask(asker.dataset.confirm, word.map((node) => node.textContent).join("").trim(), dangerous).then((yes) => {
        if (!yes) return button?.focus();
        confirmed.add(form);
        form.requestSubmit(button);
      });
    },
    true,
  );

  // --- Sending twice does nothing twice -------------------------------------------------------------------

  const busy = (form, on, button) => {
    if (on) form.dataset.sent = "";
    else delete form.dataset.sent;
    for (const each of button ? [button] : all("[type=submit]", form)) {
      for (const name of ["aria-busy", "aria-disabled"]) on ? each.setAttribute(name, "true") : each.removeAttribute(name);
      if (!on) delete each.dataset.loading;
    }
  };

  document.addEventListener(
    "submit",
    (event) => {
      if (!("sent" in event.target.dataset)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    true,
  );

  document.addEventListener("submit", (event) => {
    const form = event.target;
    // htmx has prevented the event by now and is guarded below; a GET may be repeated.
    if (event.defaultPrevented || form.method !== "post") return;
    const button = event.submitter;
    busy(form, true, button);
    setTimeout(() => button && "sent" in form.dataset && (button.dataset.loading = ""), 300);
    // A file that downloads leaves the page standing: after a while the form may be sent again.
    setTimeout(() => busy(form, false), "download" in form.dataset ? 1500 : 15000);
  });

  window.addEventListener("pageshow", (event) => {
    if (event.persisted) all("form[data-sent]").forEach((form) => busy(form, false));
  });

  // --- htmx: busy regions, focus, lost connections -------------------------------------------------------

  const waiting = new WeakMap();
  const asked = new WeakMap(); // when what is being swapped was asked for
  const chosen = new Map(); // each field as it was changed last

  document.addEventListener("htmx:before:request", (event) => {
    const { ctx } = event.detail;
    asked.set(ctx, performance.now());
    const { sourceElement: source, target } = ctx;
    const button = ctx.request.submitter;
    if (source.matches("form") && button) busy(source, true, button);
    if (!(target instanceof Element)) return;
    const timer = setTimeout(() => {
      target.setAttribute("aria-busy", "true");
      target.dataset.loading = "";
      if (button) button.dataset.loading = "";
    }, 300);
    waiting.set(ctx, { timer, source, target });
  });

  document.addEventListener("htmx:finally:request", (event) => {
    const held = waiting.get(event.detail.ctx);
    if (!held) return;
    clearTimeout(held.timer);
    held.target.removeAttribute("aria-busy");
    delete held.target.dataset.loading;
    if (held.source.matches("form")) busy(held.source, false);
  });

  // What is ticked or typed while an answer is on its way is not in it, and is not taken back by it.
  const ticks = (field) => field.type === "checkbox" || field.type === "radio";

  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, ({ target: field }) => {
      const { name, value, checked } = field;
      if (name) chosen.set(`${name}=${ticks(field) ? value : ""}`, { field, checked, at: performance.now() });
    });
  }

  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    for (const { field, checked, at } of chosen.values()) {
      if (field.isConnected || at < asked.get(ctx)) continue;
      for (const one of document.getElementsByName(field.name)) {
        if (!ticks(field)) one.value = field.value;
        else if (one.value === field.value) one.checked = checked;
      }
    }
  });

  document.addEventListener("htmx:after:settle", (event) => {
    if (event.target.id === "flashes") return showLate();
    for (const part of event.detail.newContent ?? []) {
      if (!(part instanceof Element)) continue;
      const box = part.parentElement ?? part;
      if (part.matches("[data-error-summary], [data-focus]")) part.focus();
      else focusOnPurpose(part);
      tally(box);
    }
  });

  // The request never got an answer: what was typed is still on the page.
  // A form that is saved as one goes (data-unsaved: where it says that it was not) says so itself, until it is.
  const unsaved = (ctx) => document.querySelector(ctx?.sourceElement?.dataset.unsaved || null);

  document.addEventListener("htmx:error", (event) => {
    const { ctx } = event.detail;
    const mark = unsaved(ctx);
    if (mark) mark.hidden = false;
    else if (ctx) say(text("Offline"), "warn");
  });

  document.addEventListener("htmx:after:request", (event) => {
    const mark = unsaved(event.detail.ctx);
    if (mark) mark.hidden = true;
  });

  // --- data-autosubmit: a filter form sends itself; its button stays for those without JavaScript --------

  const pending = new WeakMap();

  const later = (form, delay) => {
    clearTimeout(pending.get(form));
    pending.set(form, setTimeout(() => form.isConnected && form.requestSubmit(), delay));
  };

  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form && "autosubmit" in form.dataset) later(form, 50);
  });

  // What htmx swaps is the list, not the form: how many filters are chosen is said anew, and the way to clear them shown.
  document.addEventListener("htmx:after:request", ({ target }) => {
    const chosen = target.querySelector?.("[data-chosen]");
    if (!chosen) return;
    const used = (one) => (one.matches("select") ? one.selectedIndex > 0 : one.value !== "");
    const number = all(".field:not(.field-q) :is(select, input)", target).filter(used).length;
    chosen.textContent = number ? `(${number})` : "";
    target.querySelector("[data-clear]").hidden = !number && !target.elements.q?.value;
  });

  // While typing only where htmx swaps the list: a full page load would take the field away.
  document.addEventListener("input", (event) => {
    const { form, type } = event.target;
    if (form && "autosubmit" in form.dataset && form.hasAttribute("hx-get") && /^(search|text)$/.test(type)) {
      later(form, 350);
    }
  });

  // --- data-chooser: many boxes, looked through by typing; what is ticked stands above them --------------

  const plain = (words) => words.toLocaleLowerCase("tr").normalize("NFD").replace(/\p{M}/gu, "").replaceAll("ı", "i");

  document.addEventListener("input", ({ target }) => {
    if (!("narrow" in target.dataset)) return;
    const wanted = plain(target.value).split(/\s+/);
    for (const part of target.nextElementSibling.children) {
      const boxes = all(".form-check", part);
      for (const box of boxes) box.hidden = !wanted.every((word) => plain(box.textContent).includes(word));
      part.hidden = boxes.every((box) => box.hidden);
    }
  });

  document.addEventListener("change", ({ target }) => {
    const chooser = target.closest("[data-chooser]");
    const chosen = all(":checked ~ label", chooser ?? document.createElement("i"));
    chooser?.firstElementChild.replaceChildren(...chosen.map((one) => make("span", "chip tone-plain", one.textContent)));
  });

  // --- data-most: files that are too large together are told before they are sent ------------------------

  document.addEventListener("change", (event) => {
    const { dataset, files } = event.target;
    const bytes = [...(files ?? [])].reduce((sum, file) => sum + file.size, 0);
    if (!dataset.most || bytes <= Number(dataset.most)) return;
    event.target.value = "";
    say(dataset.tooLarge, "warn");
  });

  // --- data-guard: unsaved changes ask before they are lost ----------------------------------------------

  const dirty = (form) => form.dataset.guard === "dirty";

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form && "guard" in form.dataset) form.dataset.guard = "dirty";
  });

  document.addEventListener("submit", ({ target: form }) => {
    if ("guard" in form.dataset) form.dataset.guard = "sent";
  });

  // What was refused, or never arrived, is still unsaved; the form that came back is another one than was sent.
  document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
    if (ctx.sourceElement.dataset.guard !== "sent" || ctx.response?.status < 400) return;
    all("form[data-guard]").forEach((form) => (form.dataset.guard = "dirty"));
  });

  window.addEventListener("beforeunload", (event) => {
    if (all("form[data-guard]").some(dirty)) event.preventDefault();
  });

  // --- data-check-all="name": one box for all boxes of that name; data-check-count says how many ----------

  function tally(within = document) {
    for (const master of all("[data-check-all]", within)) {
      const boxes = boxesOf(master);
      const on = boxes.filter((box) => box.checked).length;
      master.checked = on > 0 && on === boxes.length;
      master.indeterminate = on > 0 && on < boxes.length;
      const count = (master.form ?? document).querySelector("[data-check-count]");
      if (count) count.textContent = String(on);
    }
  }

  const boxesOf = (master) =>
    all(`input[type=checkbox][name="${CSS.escape(master.dataset.checkAll)}"]:not(:disabled)`, master.form ?? document);

  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box.matches("[data-check-all]")) boxesOf(box).forEach((each) => (each.checked = box.checked));
    if (box.type === "checkbox") tally();
  });

  // --- data-either: a form where a tick and the choices beside it exclude each other ----------------------

  document.addEventListener("change", (event) => {
    const { form, type } = event.target;
    if (!form || !("either" in form.dataset)) return;
    const others = type === "checkbox" ? "input[type=radio]" : "input[type=checkbox]";
    if (event.target.checked) for (const other of all(others, form)) other.checked = false;
  });

  // --- data-pairs: importance-7 and level-7 say one thing: "-" (not part of the job) is both or neither -----

  document.addEventListener("change", (event) => {
    const { form, name, value } = event.target;
    if (!form || !("pairs" in form.dataset)) return;
    const [kind, ...key] = name.split("-");
    for (const other of all(`[name="${{ importance: "level", level: "importance" }[kind]}-${key.join("-")}"]`, form)) {
      if (other.type !== "radio" && (value === "-" || other.value === "-")) other.value = value === "-" ? "-" : "";
      if (other.type === "radio" && (value === "-" || other.value === "-")) other.checked = false;
    }
  });

  // --- data-steps: a form typed in by keyboard: Enter and a full field go on to the next -------------------

  const onward = (field) => {
    const fields = all("input:not([type=hidden])", field.form);
    const next = fields[fields.indexOf(field) + 1];
    if (next) next.focus();
    return Boolean(next);
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.closest("[data-steps] input") && onward(event.target)) event.preventDefault();
  });

  document.addEventListener("input", (event) => {
    const { value } = event.target;
    if (event.target.closest("[data-steps] input") && /^([1-5]{2}|-)$/.test(value)) onward(event.target);
  });

  // --- Copy, print, theme --------------------------------------------------------------------------------

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    event.preventDefault();
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      say(text("Copied"));
    } catch {
      window.prompt(text("Copy"), button.dataset.copy); // no clipboard without https: let the reader copy it
    }
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });

  function showTheme() {
    for (const link of all("[data-theme-set]")) {
      if (link.dataset.themeSet === (root.dataset.theme || "auto")) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-theme-set]");
    if (!link) return;
    event.preventDefault();
    root.dataset.theme = link.dataset.themeSet;
    const secure = location.protocol === "https:" ? ";secure" : "";
    document.cookie = `theme=${link.dataset.themeSet};path=/;max-age=31536000;samesite=lax${secure}`;
    document.dispatchEvent(new Event("yetkin:theme"));
    showTheme();
  });

  document.addEventListener("DOMContentLoaded", () => {
    focusOnPurpose(document);
    showTheme();
    tally();
  });
})();
