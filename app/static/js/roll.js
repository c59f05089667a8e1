// The queue of the roll-call. A tap is kept in this browser (IndexedDB: ids and marks, no names) until the server has
// answered for it, and is sent from whatever page of the same user is open. What a page says about saving is read from
// the queue each time and never set by hand. Without this file the roll is a form with a button.
(() => {
  "use strict";
  const QUEUE = "/roll/queue";
  const WEEK = 7 * 24 * 3600e3;
  const AGAIN = 4000;
  const AT_ONCE = 50;
  const form = document.querySelector("form[data-roll]");
  let place = document.querySelector("[data-unsent]");
  let user = Number(form?.dataset.user);
  let words = { ...form?.dataset };
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const text = (name, values = {}) =>
    (words[`text${name}`] ?? "").replace(
      /\{(\w+)\}/g,
      (_, key) => values[key] ?? "",
    );
  const say = (said, tone = "ok") => document.dispatchEvent(new CustomEvent("yetkin:say", { detail: { words: said, tone } }));

  // --- Where it is kept: [{n, user, key, cell: "sitting-enrolment", was, word, made, tried?, parked?}], by n ----------

  // a browser in which nobody ever called a roll has no such thing
  const used = (() => {
    try {
      return form ? (localStorage.setItem("yetkin-roll", "used"), true) : Boolean(localStorage.getItem("yetkin-roll"));
    } catch {
      return Boolean(form);
    }
  })();
  if (!used) return;
  const memory = new Map(); // of a browser that keeps nothing
  let forgets = false;
  let opened = new Promise((done) => {
    const asked = indexedDB.open("yetkin-roll", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("taps", { keyPath: "n", autoIncrement: true });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = asked.onblocked = () => done(null);
  }).catch(() => null);

  const inDatabase = (database, work) =>
    new Promise((done, failed) => {
      const change = database.transaction("taps", "readwrite", { durability: "strict" }); // also if the battery dies now
      const taps = change.objectStore("taps");
      let found;
      taps.getAll().onsuccess = (event) => (found = work(event.target.result.filter((tap) => tap.user === user), taps));
      change.oncomplete = () => done(found);
      change.onabort = () => failed(change.error);
    });

  const inMemory = {
    put: (tap) => memory.set((tap.n ??= memory.size ? Math.max(...memory.keys()) + 1 : 1), tap),
    delete: (n) => memory.delete(n),
  };

  // `work(taps of this user, store)` in one step that no other tab comes between; what it answers.
  async function queue(work) {
    const database = await opened;
    try {
      if (database) return await inDatabase(database, work);
    } catch {
      // full or forbidden: what is there goes on from memory, where sending it twice does nothing
      for (const tap of await inDatabase(database, (taps) => taps).catch(() => [])) memory.set(tap.n, tap);
      opened = Promise.resolve(null);
    }
    forgets = true;
    return work([...memory.values()], inMemory);
  }

  const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
  const lacksMinutes = (tap) => tap.word.endsWith(":");
  const lastOf = (taps, cell) => taps.filter((tap) => tap.cell === cell).at(-1);

  // Each of [cell, word, what stands there]; that is asked only in here, for an answer may be arriving.
  const choose = (choices) =>
    queue((taps, store) => {
      for (const [cell, word, base] of choices) {
        const last = lastOf(taps, cell);
        if (last && !last.tried && !last.parked) {
          const only = taps.filter((tap) => tap.cell === cell).length === 1;
          if (only && word === last.was) store.delete(last.n);
          else store.put({ ...last, word });
          continue;
        }
        if (last?.parked) store.delete(last.n);
        const was = last && !last.parked ? last.word : base();
        if (word !== was) store.put({ user, key: newKey(), cell, was, word, made: Date.now() });
      }
    });

  const drop = (cell) => queue((taps, store) => taps.filter((t) => t.cell === cell && t.parked).forEach((t) => store.delete(t.n)));

  // --- Sending: one tab at a time, of each cell the oldest, until there is none or something is in the way ------------

  let token = document.querySelector("input[name=csrf_token]")?.value;
  let trouble = ""; // Away, SignIn, Other: why the last attempt came to nothing
  let sending = null;
  let more = false;
  let timer;
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("yetkin-roll") : null;
  const alone = (work) => (navigator.locks ? navigator.locks.request("yetkin-roll", work) : work());
  const HEADERS = { "HX-Request": "true", "HX-Request-Type": "partial" }; // the door answers 401, not with a page

  function send() {
    clearTimeout(timer);
    more = Boolean(sending);
    sending ??= alone(deliver)
      .catch(() => {})
      .finally(() => {
        sending = null;
        return more ? send() : draw();
      });
    return sending;
  }

  async function deliver() {
    for (;;) {
      const batch = await queue((taps, store) => {
        const oldest = taps.filter((tap, n) => !tap.parked && taps.findIndex((one) => one.cell === tap.cell) === n);
        const found = oldest.filter((tap) => !lacksMinutes(tap)).slice(0, AT_ONCE);
        for (const tap of found) if (!tap.tried) store.put({ ...tap, tried: true });
        return found;
      });
      if (!batch.length) return;
      trouble = await post(batch).catch(() => "Away");
      await draw();
      if (trouble) return;
    }
  }

  const ask = (options = {}) =>
    fetch(QUEUE, { ...options, headers: { ...HEADERS, ...options.headers }, redirect: "error", signal: AbortSignal.timeout(15000) });

  async function post(batch, renewed = false) {
    const items = batch.map(({ key, cell, was, word }) => {
      const [sitting, enrolment] = cell.split("-");
      return { key, sitting, enrolment, was, word };
    });
    const answer = await ask({
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ user, items }),
    });
    if (answer.status === 401) return "SignIn";
    if (answer.status === 409) return "Other";
    if (answer.status === 400 && !renewed) return (await renew()) || post(batch, true);
    // a café's page that says 200 is none of ours
    const { answers } = answer.ok ? await answer.json() : {};
    const known = new Map((Array.isArray(answers) ? answers : []).map((one) => [one.key, one]));
    if (!batch.some((tap) => known.has(tap.key))) return "Away";
    await settle(batch, known);
    return "";
  }

  // Somebody has signed in anew, beside this page: with whose token?
  async function renew() {
    const answer = await ask();
    if (answer.status === 401) return "SignIn";
    const now = await answer.json();
    token = now.token;
    return now.user === user ? "" : "Other";
  }

  async function settle(batch, known) {
    const told = batch.flatMap((tap) => {
      const answer = known.get(tap.key);
      const stands = /^(saved|conflict)$/.test(answer?.became) ? answer.stands : undefined;
      return answer ? [{ cell: tap.cell, stands, late: answer.became === "late", by: answer.by }] : [];
    });
    await queue((taps, store) => {
      hear(told);
      for (const tap of taps) {
        const answer = known.get(tap.key);
        if (!answer) continue;
        const next = taps.find((one) => one.cell === tap.cell && one.n > tap.n);
        const refused = answer.became === "refused" || answer.became === "conflict";
        if (!refused || next) store.delete(tap.n);
        if (refused && next) store.put({ ...next, was: tap.was });
        if (refused && !next) store.put({ ...tap, parked: answer.became === "conflict" ? "conflict" : answer.why });
      }
    });
    channel?.postMessage(told);
    if (told.some(closed)) leave();
  }

  const closed = ({ cell, stands }) => form && cell === `${form.dataset.roll}-` && stands === "";

  // What now stands in cells of this page, or that the coordinator has to decide; `by` is kept on the page alone.
  function hear(told) {
    for (const { cell, stands, late, by } of told) {
      const row = document.getElementById(`r-${cell}`);
      if (!row) continue;
      if (stands !== undefined) row.dataset.was = stands;
      row.dataset.by = by ?? "";
      row.toggleAttribute("data-late", late);
    }
  }

  // --- What the page says, all of it read from the queue --------------------------------------------------------------

  const rows = () => all(".roll > li[data-was]", form ?? undefined).filter(() => form);
  const cellOf = (row) => row.id.slice(2);
  const shown = new Map(); // the word of each row as drawn
  let unsent = 0;

  function make(tag, className, said, press) {
    const made = document.createElement(tag);
    made.className = className;
    made.textContent = said;
    if (press) made.addEventListener("click", press);
    if (press) made.type = "button";
    return made;
  }

  const labelOf = (row, word) => {
    const [kind, minutes] = word.split(":");
    const label = row.querySelector(`input[type=radio][value="${kind}"]`).labels[0];
    const parts = [...label.children].filter((part) => !part.matches("input")).map((part) => part.cloneNode(true));
    if (minutes) parts.push(text("Minutes", { minutes }));
    return parts;
  };
  const wordsOf = (row, word) => labelOf(row, word).map((part) => (part.textContent ?? part).trim()).filter(Boolean).join(" ");

  function drawRow(row, tap) {
    const word = tap ? tap.word : row.dataset.was;
    const [kind, minutes] = word.split(":");
    shown.set(row, word);
    row.querySelector(`input[type=radio][value="${kind}"]`).checked = true;
    const field = row.querySelector(".roll-minutes input");
    if (document.activeElement !== field) field.value = minutes ?? "";
    const state = row.querySelector(".roll-state");
    state.dataset.kind = kind;
    state.replaceChildren(...labelOf(row, word));
    const told = !tap ? "" : tap.parked ? "" : text(lacksMinutes(tap) ? "HowLong" : "Unsent");
    row.querySelector("[data-told]").textContent = told || (row.hasAttribute("data-late") ? text("Late") : "");
    why(row, tap?.parked ? tap : null);
  }

  // Why a row was not taken, and what can be done; drawn anew only where it is another, for somebody may be about to press.
  function why(row, tap) {
    const said = tap ? [tap.key, row.dataset.was].join() : "";
    if ((row.dataset.why ?? "") === said) return;
    row.dataset.why = said;
    row.querySelector(".roll-why")?.remove();
    if (!tap) return;
    const conflict = tap.parked === "conflict";
    const [yours, theirs] = [wordsOf(row, tap.word), wordsOf(row, row.dataset.was)];
    const reason = conflict ? text(row.dataset.by ? "ConflictBy" : "Conflict", { yours, theirs, name: row.dataset.by }) : tap.parked;
    const box = make("div", "roll-why", "");
    box.append(
      make("p", "error-text", conflict ? reason : `${yours}: ${reason}`),
      make("button", "btn btn-sm btn-secondary", conflict ? text("Mine", { yours }) : text("Retry"), () => act([[cellOf(row), tap.word, () => row.dataset.was]])),
      make("button", "btn btn-sm btn-secondary", text("Drop", { theirs }), () => drop(cellOf(row)).then(draw)),
    );
    row.append(box);
  }

  async function draw() {
    const taps = await queue((found) => found);
    const open = taps.filter((tap) => !tap.parked && !lacksMinutes(tap));
    unsent = taps.filter((tap) => !tap.parked).length;
    for (const row of rows()) drawRow(row, lastOf(taps, cellOf(row)));
    drawTally();
    drawUnsent(taps, open);
    for (const leaving of all("form[action$='/sign-out']")) {
      if (unsent) leaving.dataset.confirm = `${text("Count", { num: unsent })}. ${text("SignOut")}`;
      else delete leaving.dataset.confirm;
    }
    clearTimeout(timer);
    if (open.length) timer = setTimeout(send, AGAIN);
  }

  const expected = () => rows().filter((row) => !shown.get(row) && !("later" in row.dataset));

  function drawTally() {
    const tally = document.querySelector("[data-tally]");
    if (!tally || !form) return;
    const said = rows().map((row) => shown.get(row));
    tally.textContent = text("Tally", { done: said.filter(Boolean).length, total: said.length });
    const counts = all("[data-count]");
    for (const each of counts) {
      const number = said.filter((word) => word.split(":")[0] === each.dataset.count).length;
      each.hidden = !number;
      each.querySelector("b").textContent = number;
    }
    const everyone = document.querySelector("form[data-all]");
    if (!everyone) return;
    everyone.hidden = !expected().length;
    everyone.querySelector("[data-everyone]").textContent = text(said.some(Boolean) ? "Rest" : "Everyone");
  }

  function drawUnsent(taps, open) {
    const parked = taps.filter((tap) => tap.parked);
    const closing = parked.find((tap) => tap.cell.endsWith("-"));
    const lines = [
      open.length && text("Count", { num: open.length }),
      taps.some(lacksMinutes) && text("Waiting", { num: taps.filter(lacksMinutes).length }),
      parked.length > Number(Boolean(closing)) && text("Parked", { num: parked.length - Number(Boolean(closing)) }),
      closing?.parked,
      open.length && trouble && text(trouble),
      forgets && form && text("Forgets"),
    ].filter(Boolean);
    const said = lines.join(" · ");
    if (place.dataset.said === said) return;
    place.dataset.said = said;
    place.textContent = said;
    if (form && open.length && trouble === "SignIn") {
      const link = make("a", "", text("SignInLink"));
      Object.assign(link, { href: form.dataset.signIn, target: "_blank", rel: "noopener" });
      place.append(" ", link);
    }
    if (said && !form && taps.length) {
      const link = make("a", "", text("ToSheet"));
      link.href = `/sittings/${taps[0].cell.split("-")[0]}`;
      place.append(" ", link);
    }
  }

  // What is said of it is said once it is kept.
  const act = (choices, then = () => {}) => choose(choices).then(draw).then(then).then(send);

  // --- The roll itself --------------------------------------------------------------------------------------------------

  function leave() {
    unsent = 0;
    location.reload();
  }

  if (form) {
    // the server's clock, as this page has it: a phone's may be a day off
    const ahead = Number(form.dataset.now) * 1000 - Date.now();
    let touched = -1e4;

    // The minutes somebody misses who comes or goes now, while the sitting lasts; "" at any other time.
    const missed = (kind) => {
      const [starts, ends, moment] = [Number(form.dataset.starts), Number(form.dataset.ends), (Date.now() + ahead) / 1000];
      if (!(starts < moment && moment < ends)) return "";
      const span = Math.floor((kind === "late" ? moment - starts : ends - moment) / 60);
      return String(Math.max(1, Math.min(Number(form.dataset.minutes), span)));
    };

    document.addEventListener("pointerdown", () => (touched = performance.now()), true);

    form.addEventListener("change", (event) => {
      const row = event.target.closest("li[data-was]");
      if (!row) return;
      const kind = row.querySelector("input[type=radio]:checked").value;
      const field = row.querySelector(".roll-minutes input");
      const asks = kind === "late" || kind === "left_early";
      if (event.target !== field) field.value = asks ? missed(kind) : "";
      const minutes = field.value.replace(/\D/g, "").slice(0, 4);
      act([[cellOf(row), asks ? `${kind}:${minutes}` : kind, () => row.dataset.was]]);
      if (event.target === field) return;
      if (asks) field.focus();
      else if (performance.now() - touched < 1500) {
        row.querySelector("details").open = false;
        row.querySelector("summary").focus({ preventScroll: true });
      }
    });

    form.addEventListener("submit", (event) => event.preventDefault()); // Enter in a field

    const instead = (event, work) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      work();
    };

    const everyone = () => {
      const some = expected();
      const left = rows().length - some.length;
      const marks = some.map((row) => [cellOf(row), "present", () => row.dataset.was]);
      act(marks, () => say(text(left ? "AllBut" : "All", { num: some.length, left })));
    };

    const close = async () => {
      const sitting = form.dataset.roll;
      const waiting = await queue((taps) => taps.filter((tap) => tap.cell.startsWith(`${sitting}-`)).length);
      const [first] = expected();
      if (waiting) return say(text("CloseWaits", { num: waiting }), "warn");
      if (!first) return act([[`${sitting}-`, "", () => "open"]]);
      say(text("CloseUnmarked", { num: expected().length }), "warn");
      first.scrollIntoView({ block: "center" });
      first.querySelector("summary").focus({ preventScroll: true });
    };

    document.addEventListener(
      "submit",
      (event) => {
        if ("all" in event.target.dataset) instead(event, everyone);
        if ("close" in event.target.dataset) instead(event, close);
        const waits = "afterQueue" in event.target.dataset && unsent;
        if (waits) instead(event, () => say(text("DayWaits", { num: waits }), "warn"));
      },
      true,
    );

    document.addEventListener("click", (event) => {
      if (!event.target.closest("a[data-online]") || navigator.onLine) return;
      event.preventDefault();
      say(text("NeedsConnection"), "warn");
    });

    window.addEventListener("beforeunload", (event) => unsent && event.preventDefault());
  }

  // --- Beginning: what is older than a week is gone; on a page that is no roll, whose queue would it be? ---------------

  const kept = (database) =>
    new Promise((done) => {
      const taps = database?.transaction("taps", "readwrite").objectStore("taps");
      if (!taps) return done(0);
      let number = 0;
      taps.openCursor().onsuccess = ({ target: { result: one } }) => {
        if (!one) return done(number);
        if (Date.now() - one.value.made > WEEK) one.delete();
        else number++;
        one.continue();
      };
    });

  async function begin() {
    if (!form) {
      if (!(await kept(await opened))) return;
      const answer = await ask();
      if (!answer.ok) return;
      ({ user, token, words } = await answer.json());
      place = make("div", "unsent", "");
      place.setAttribute("role", "status");
      document.getElementById("flashes")?.after(place);
    }
    channel?.addEventListener("message", ({ data }) => {
      hear(data);
      if (data.some(closed)) leave();
      else draw();
    });
    for (const kind of ["online", "pageshow"]) window.addEventListener(kind, send);
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && send());
    send();
    if (form) kept(await opened);
  }

  begin().catch(() => {});
})();
