// Tables that are typed into: `data-grid` on the table. Fields (ratings, scores) move by keys and take a pasted block;
// with `data-marks="id of a form"` the cells are marks, saved as one goes. Every page works without this file.
(() => {
  "use strict";
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const WAYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Enter: [1, 0] };
  const plain = (event) => !event.ctrlKey && !event.metaKey && !event.altKey;

  // What stands in each row of the table, in the order of its columns; null where a column has nothing.
  const lines = (table, find) => all("tbody tr", table).map((row) => all("td", row).map(find));

  // Where one comes from a place by a way, holes skipped; null beyond the edge.
  function beside(grid, [row, column], [down, right]) {
    for (let [r, c] = [row + down, column + right]; grid[r] && c in grid[r]; r += down, c += right) {
      if (grid[r][c]) return [r, c];
    }
    return null;
  }

  const place = (grid, one) => {
    const row = grid.findIndex((line) => line.includes(one));
    return row < 0 ? null : [row, grid[row].indexOf(one)];
  };

  // A block as spreadsheets copy it.
  const block = (event) => {
    const text = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
    return text ? text.split(/\r?\n/).map((line) => line.split("\t").map((cell) => cell.trim())) : [];
  };

  // --- Fields: arrows; of one digit each: a digit moves on, D copies from above, U takes back -----------------

  function fields(table) {
    const undo = [];
    const grid = () => lines(table, (cell) => cell.querySelector("input:not([type=hidden])"));
    const put = (field, value) => {
      undo.push([field, field.value]);
      field.value = value;
      for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
    };
    const go = (every, to) => to && (every[to[0]][to[1]].focus(), every[to[0]][to[1]].select());

    table.addEventListener("keydown", (event) => {
      const field = event.target;
      const every = grid();
      const here = place(every, field);
      if (!here || !plain(event)) return;
      const [key, digits] = [event.key.toLowerCase(), field.maxLength === 1];
      const way = WAYS[event.key];
      if (way && (digits || way[0])) go(every, beside(every, here, way) ?? here);
      else if (!digits) return;
      else if (key === "d") {
        const above = beside(every, here, [-2, 0]);
        if (above) put(field, every[above[0]][above[1]].value);
      } else if (key === "u") {
        const [last, was] = undo.pop() ?? [];
        if (last) put(last, was), undo.pop(), last.focus();
      } else if (/^[1-5-]$/.test(key)) {
        put(field, key);
        go(every, beside(every, here, [0, 1]) ?? beside(every, [here[0] + 1, -1], [0, 1]) ?? here);
      } else return;
      event.preventDefault();
    });

    table.addEventListener("paste", (event) => {
      const every = grid();
      const here = place(every, event.target);
      const rows = block(event);
      if (!here || (rows.length < 2 && (rows[0] ?? []).length < 2)) return;
      event.preventDefault();
      let outside = 0;
      rows.forEach((row, r) => row.forEach((text, c) => {
        const field = every[here[0] + r]?.[here[1] + c];
        if (field) put(field, text.slice(0, field.maxLength));
        else if (text) outside++;
      }));
      const told = table.closest("form").querySelector("[data-outside]");
      if (told) told.textContent = outside ? told.dataset.outside.replace("{n}", outside) : "";
    });
  }

  // --- The buttons below a grid of marks: for mouse and touch, and to see which key is which -------------------

  function make(tag, attributes, ...inside) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...inside);
    return element;
  }

  function button(data, words, { icon, key, tone = "secondary" } = {}) {
    const found = make("button", { type: "button", class: `btn btn-${tone} btn-sm`, ...data });
    if (icon) {
      const svg = document.querySelector("svg.icon").cloneNode(true);
      svg.firstElementChild.setAttribute("href", svg.firstElementChild.getAttribute("href").replace(/#.*/, `#${icon}`));
      found.append(svg);
    }
    found.append(words);
    if (key) found.append(" ", make("kbd", { "aria-hidden": "true" }, key));
    return found;
  }

  function equip(form, kinds) {
    const [minutes, clear, undo, column, day, row, every, rest, , save, cancel, legend] = form.dataset.labels.split("|");
    const choices = Object.entries({ column, day, row, all: every });
    form.append(
      make("ul", { class: "grid-wrong", "aria-live": "polite" }),
      make("p", { class: "actions", "data-proposal": "", hidden: "" },
        make("span", { role: "status" }),
        button({ "data-accept": "" }, save, { tone: "primary" }),
        button({ "data-reject": "" }, cancel)),
      make("div", { class: "action-bar", role: "group", "aria-label": legend },
        ...[...kinds.values()].map((one) => button({ "data-word": one.kind }, one.says, one)),
        make("label", {}, minutes, " ",
          make("input", { class: "form-control", inputmode: "numeric", maxlength: 4, autocomplete: "off", "data-minutes": "" })),
        button({ "data-clear": "" }, clear, { icon: "x" }),
        button({ "data-undo": "" }, undo, { icon: "undo-2" }),
        make("span", { class: "segments" }, ...choices.map(([way, word]) => button({ "data-choose": way }, word, { tone: "quiet" }))),
        button({ "data-rest": "" }, rest, { icon: "copy-check" }),
        make("p", { class: "say", role: "status", "data-state": "" }, form.dataset.saved)),
    );
  }

  // --- Marks ---------------------------------------------------------------------------------------------------

  function marks(table) {
    const form = document.getElementById(table.dataset.marks);
    const kinds = new Map(form.dataset.kinds.split("|").filter(Boolean).map((line) => {
      const [kind, letter, key, says, icon] = line.split(",");
      return [kind, { kind, letter, key, says, icon }];
    }));
    equip(form, kinds);
    const part = (name) => form.querySelector(`[data-${name}]`);
    const say = (name, values) => Object.entries(values).reduce((s, [k, v]) => s.replace(`{${k}}`, v), form.dataset[name]);
    const [reason, minutes, undo] = [form.querySelector("[name=reason]"), part("minutes"), []];
    const rows = all("tbody tr", table);
    const grid = lines(table, (cell) => cell).map((line) => line.filter((cell) => !cell.matches(".s")));
    const links = all("thead a", table);
    const id = (link) => link.pathname.split("/").pop();
    const [sittings, people] = [links.map(id), rows.map((row) => id(row.querySelector("th a")))];
    const head = (c) => links[c].parentElement;
    const where = new Map(grid.flatMap((line, r) => line.map((cell, c) => [cell, [r, c]])));
    const slug = (cell) => `${sittings[where.get(cell)[1]]}-${people[where.get(cell)[0]]}`;
    const bySlug = new Map([...where.keys()].map((cell) => [slug(cell), cell]));

    const read = (cell) => {
      if (/^[nfc]$/.test(cell.className)) return "";
      const kind = [...kinds].find(([, one]) => one.letter === cell.className)[0];
      return cell.dataset.n ? `${kind}:${cell.dataset.n}` : kind;
    };
    const saved = new Map([...where.keys()].map((cell) => [cell, read(cell)])); // as the server said last
    const shown = new Map(saved);
    const before = new Set([...where.keys()].filter((cell) => cell.className === "f")); // had no seat yet
    const waiting = new Map(); // cells to be sent, each with what is wanted
    let [current, anchor, typing, proposal, busy, retry, pause, refusal] = [null, null, null, null, false, 0, 1000, null];

    const paint = (cell, word) => {
      const [kind, missed] = word.split(":");
      const one = kinds.get(kind);
      cell.className = one ? one.letter : "n";
      if (!cell.className) cell.removeAttribute("class");
      if (missed) cell.dataset.n = missed;
      else delete cell.dataset.n;
      cell.textContent = one ? one.says : form.dataset.empty;
    };
    const show = (cell, word) => (shown.set(cell, word), paint(cell, word));
    const shut = (cell) => head(where.get(cell)[1]).dataset.shut;
    const locked = (cell) => "locked" in head(where.get(cell)[1]).dataset && !reason?.value.trim();
    const called = (cell) => {
      const [r, c] = where.get(cell);
      return `${rows[r].querySelector("th a").textContent}, ${links[c].innerText.replace(/\s+/g, " ")}`;
    };

    // -- choosing ------------------------------------------------------------------------------------------------

    const chosen = () => {
      const [[r, c], [s, d]] = [where.get(anchor), where.get(current)];
      const [top, left] = [Math.min(r, s), Math.min(c, d)];
      return grid.slice(top, Math.max(r, s) + 1).flatMap((line) => line.slice(left, Math.max(c, d) + 1));
    };
    function choose(cell, from = cell) {
      if (current && current !== cell) settle();
      for (const one of all("[aria-selected]", table)) one.removeAttribute("aria-selected");
      current?.setAttribute("tabindex", "-1");
      [current, anchor] = [cell, from];
      current.setAttribute("tabindex", "0");
      const many = chosen();
      if (many.length > 1) for (const one of many) one.setAttribute("aria-selected", "true");
    }
    const focus = (cell, from) => (choose(cell, from), cell.focus());
    const span = (from, to) => focus(grid[to[0]][to[1]], grid[from[0]][from[1]]);
    const day = (c) => links[c].firstChild.textContent;
    const spans = {
      column: ([, c]) => [[0, c], [grid.length - 1, c]],
      row: ([r]) => [[r, 0], [r, links.length - 1]],
      all: () => [[0, 0], [grid.length - 1, links.length - 1]],
      day: ([, c]) => {
        let [from, to] = [c, c];
        while (from && day(from - 1) === day(c)) from--;
        while (to < links.length - 1 && day(to + 1) === day(c)) to++;
        return [[0, from], [grid.length - 1, to]];
      },
    };
    function onward() {
      const [r, c] = where.get(current);
      if (r + 1 < grid.length) focus(grid[r + 1][c]);
      else if (c + 1 < links.length) focus(grid[0][c + 1]);
    }

    // -- marking -------------------------------------------------------------------------------------------------

    function enter(pairs) {
      const group = [];
      for (const [cell, word] of pairs) {
        if (shut(cell)) tell(cell, shut(cell));
        else if (shown.get(cell) !== word) group.push([cell, shown.get(cell), word]);
      }
      if (group.length) undo.push(group);
      apply(group);
    }
    function apply(group) {
      for (const [cell, , word] of group) {
        forget(cell);
        show(cell, word);
        if (word === saved.get(cell)) waiting.delete(cell);
        else waiting.set(cell, word);
      }
      send();
    }
    // Late and left early wait for their minutes until one leaves the cell.
    function begin(kind, digits = "") {
      typing = { cells: chosen().filter((cell) => !shut(cell)), kind, digits };
      if (!typing.cells.length) (tell(current, shut(current)), (typing = null));
      else for (const cell of typing.cells) paint(cell, digits ? `${kind}:${digits}` : kind);
    }
    function settle() {
      if (!typing) return;
      const { cells, kind, digits } = typing;
      typing = null;
      enter(cells.map((cell) => [cell, digits ? `${kind}:${Number(digits)}` : kind]));
    }
    function drop() {
      for (const cell of typing?.cells ?? []) paint(cell, shown.get(cell));
      typing = null;
    }
    function mark(kind) {
      drop();
      if (kind === "late" || kind === "left_early") return begin(kind);
      enter(chosen().map((cell) => [cell, kind]));
    }
    function takeBack() {
      drop();
      const group = (undo.pop() ?? []).filter(([cell, , word]) => shown.get(cell) === word);
      apply(group.map(([cell, was, word]) => [cell, word, was]));
      if (group.length) focus(group[0][0]);
    }
    function rest() {
      settle();
      const those = anchor && chosen().length > 1 ? chosen() : [...where.keys()];
      enter(those.filter((cell) => !shown.get(cell) && !shut(cell) && !before.has(cell)).map((cell) => [cell, "present"]));
    }

    // -- saving --------------------------------------------------------------------------------------------------

    function label() {
      const held = [...waiting.keys()].filter(locked).length;
      for (const cell of where.keys()) cell.toggleAttribute("data-unsent", waiting.has(cell));
      const state = part("state");
      state.textContent = !waiting.size ? form.dataset.saved : say(held === waiting.size ? "reason" : "unsent", { n: waiting.size });
      if (held && held === waiting.size) reason?.setAttribute("aria-invalid", "true");
      else reason?.removeAttribute("aria-invalid");
    }
    function post(pairs, more = {}) {
      const body = new URLSearchParams(new FormData(form));
      for (const [name, value] of Object.entries(more)) body.append(name, value);
      for (const [cell, word] of pairs) {
        body.append(`m-${slug(cell)}`, word);
        body.append(`w-${slug(cell)}`, saved.get(cell));
      }
      const headers = { "HX-Request": "true", "HX-Current-URL": location.href };
      return fetch(form.action, { method: "POST", body, headers, signal: AbortSignal.timeout(15000) }).then(async (answer) => {
        const json = answer.headers.get("Content-Type")?.includes("json");
        if (json) return answer.json();
        if (answer.ok || answer.status >= 500) throw new Error("not ours, or not now");
        const told = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("flashes");
        if (told) document.getElementById("flashes").replaceWith(told);
        refusal = told;
        return null;
      });
    }
    async function send() {
      clearTimeout(retry);
      label();
      const batch = [...waiting].filter(([cell]) => !locked(cell));
      if (busy || !batch.length) return;
      busy = true;
      try {
        const answer = await post(batch);
        [busy, pause] = [false, 1000];
        if (answer) refusal = void refusal?.replaceChildren(); // signed in again beside the page
        if (!answer) return; // signed out, or refused as a whole: the message stands above, the marks wait
        for (const [cell, word] of batch) took(cell, word, answer);
        for (const [person, sums] of Object.entries(answer.sums)) sum(person, sums);
        count();
        send();
      } catch {
        busy = false;
        retry = setTimeout(send, pause);
        pause = Math.min(pause * 2, 15000);
      }
    }
    function took(cell, word, { cells, wrong }) {
      const stands = cells[slug(cell)];
      const no = wrong[slug(cell)];
      const same = waiting.get(cell) === word;
      saved.set(cell, stands);
      if (same) waiting.delete(cell);
      if (!no) return void (same && typing?.cells.includes(cell) !== true && show(cell, stands));
      if (same) show(cell, no.theirs ? stands : word);
      tell(cell, no.why, no.theirs && (() => enter([[cell, word]])));
    }
    function sum(person, [percent, left, lost]) {
      const [first, second] = all("td.s", rows[people.indexOf(person)]);
      if (!second) return;
      first.textContent = percent;
      const strong = Object.assign(document.createElement("strong"), { className: "lost", textContent: left });
      second.replaceChildren(lost ? strong : left);
    }
    function count() {
      sittings.forEach((_, c) => {
        head(c).querySelector("small").textContent = `${grid.filter((line) => shown.get(line[c])).length}/${grid.length}`;
      });
    }
    // What is wrong with a cell stands below the grid until it is marked otherwise.
    function tell(cell, why, mine) {
      forget(cell);
      const line = make("li", { "data-cell": slug(cell) }, `${called(cell)}: ${why} `);
      if (mine) line.append(button({ "data-mine": "" }, form.dataset.labels.split("|")[8]));
      line.querySelector("button")?.addEventListener("click", () => (mine(), focus(cell)));
      form.querySelector(".grid-wrong").append(line);
      cell.toggleAttribute("data-wrong", true);
    }
    function forget(cell) {
      form.querySelector(`[data-cell="${slug(cell)}"]`)?.remove();
      cell.removeAttribute("data-wrong");
    }

    // -- a block from a spreadsheet: shown first ----------------------------------------------------------------

    async function propose(pasted) {
      const [row, column] = where.get(chosen()[0]);
      const width = Math.max(...pasted.map((line) => line.length));
      const outside = { rows: Math.max(0, row + pasted.length - grid.length), columns: Math.max(0, column + width - links.length) };
      const pairs = pasted.flatMap((line, r) => line.map((text, c) => [grid[row + r]?.[column + c], text])).filter(([cell]) => cell);
      const open = pairs.filter(([cell]) => !shut(cell));
      let answer = null;
      try {
        answer = await post(open, { preview: "1" });
      } catch {
        part("state").textContent = document.body.dataset.textOffline;
      }
      if (!answer) return;
      const good = open.filter(([cell]) => !answer.wrong[slug(cell)]).map(([cell]) => [cell, answer.cells[slug(cell)]]);
      proposal = good.filter(([cell, word]) => word !== shown.get(cell));
      for (const [cell, word] of proposal) (paint(cell, word), cell.toggleAttribute("data-proposed", true));
      for (const [cell] of open) if (answer.wrong[slug(cell)]) tell(cell, answer.wrong[slug(cell)].why);
      const words = [say("preview", { n: proposal.length })];
      if (outside.rows || outside.columns) words.push(say("outside", outside));
      if (open.length < pairs.length) words.push(say("closed", { n: pairs.length - open.length }));
      part("proposal").querySelector("span").textContent = words.join(" ");
      part("proposal").hidden = false;
      part("accept").focus();
    }
    function decide(yes) {
      for (const [cell] of proposal ?? []) (paint(cell, shown.get(cell)), cell.removeAttribute("data-proposed"));
      if (yes) enter(proposal);
      proposal = null;
      part("proposal").hidden = true;
      current?.focus();
    }

    // -- keys, mouse, touch --------------------------------------------------------------------------------------

    const letters = new Map([...kinds].map(([kind, one]) => [one.key.toLocaleLowerCase(document.documentElement.lang), kind]));

    function pressed(event) {
      const key = event.key.toLocaleLowerCase(document.documentElement.lang);
      const control = event.ctrlKey || event.metaKey;
      if (control && key === "z") return takeBack();
      if (control && key === "a") return span(...spans.all());
      if (event.key === " " && (control || event.shiftKey)) return span(...spans[control ? "column" : "row"](where.get(current)));
      if (!plain(event)) return false;
      const way = WAYS[event.key];
      if (way && event.shiftKey && event.key !== "Enter") {
        const to = beside(grid, where.get(current), way);
        return to && focus(grid[to[0]][to[1]], anchor);
      }
      if (event.key === "Enter" || event.key === "ArrowDown") return onward();
      if (way) {
        const to = beside(grid, where.get(current), way);
        return to && focus(grid[to[0]][to[1]]);
      }
      if (event.key === "Home" || event.key === "End") {
        const line = grid[where.get(current)[0]];
        return focus(event.key === "Home" ? line[0] : line[line.length - 1]);
      }
      if (event.key === "Escape") return typing ? drop() : focus(current);
      if (event.key === "Delete" || event.key === "Backspace") {
        if (event.key === "Backspace" && typing?.digits) return begin(typing.kind, typing.digits.slice(0, -1));
        drop();
        return enter(chosen().map((cell) => [cell, ""]));
      }
      if (/^[0-9]$/.test(key)) {
        const kind = typing?.kind ?? (shown.get(current).startsWith("left_early") ? "left_early" : "late");
        return begin(kind, ((typing?.digits ?? "") + key).slice(0, 4));
      }
      if (!letters.has(key)) return false;
      const one = chosen().length === 1;
      mark(letters.get(key));
      if (one && !typing) onward();
      return true;
    }

    table.addEventListener("keydown", (event) => {
      if (where.has(event.target) && pressed(event) !== false) event.preventDefault();
    });
    table.addEventListener("paste", (event) => {
      if (!where.has(event.target)) return;
      event.preventDefault();
      settle();
      const pasted = block(event);
      if (pasted.length) propose(pasted);
    });
    table.addEventListener("focusin", (event) => where.has(event.target) && event.target !== current && choose(event.target));
    table.addEventListener("focusout", (event) => where.has(event.target) && event.relatedTarget !== minutes && settle());
    const hit = (event) => event.target.closest("td") && where.has(event.target.closest("td")) && event.target.closest("td");
    table.addEventListener("pointerdown", (event) => {
      const cell = hit(event);
      if (!cell || event.button || event.pointerType !== "mouse") return; // a tap gives the focus by itself
      event.preventDefault();
      focus(cell, event.shiftKey ? anchor : cell);
    });
    table.addEventListener("pointerover", (event) => {
      const cell = hit(event);
      if (cell && event.pointerType === "mouse" && event.buttons === 1) focus(cell, anchor);
    });

    form.addEventListener("click", (event) => {
      const { dataset } = event.target.closest("button") ?? form;
      if ("undo" in dataset) return takeBack();
      if ("rest" in dataset) return rest();
      if ("accept" in dataset || "reject" in dataset) return decide("accept" in dataset);
      if (!current || !(dataset.word || "clear" in dataset || dataset.choose)) return;
      if (dataset.choose) return span(...spans[dataset.choose](where.get(current)));
      if (dataset.word) mark(dataset.word);
      else enter(chosen().map((cell) => [cell, ""]));
      typing ? minutes.focus() : current.focus();
    });
    minutes.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      current.focus();
    });
    minutes.addEventListener("blur", () => {
      const digits = /^[0-9]{1,4}$/.test(minutes.value) ? minutes.value : "";
      minutes.value = "";
      if (digits) begin(typing?.kind ?? "late", digits);
      settle();
    });
    form.addEventListener("submit", (event) => (event.preventDefault(), send(), current?.focus()));
    reason?.addEventListener("change", send);
    for (const kind of ["online", "focus"]) window.addEventListener(kind, send);
    window.addEventListener("beforeunload", (event) => (settle(), waiting.size && event.preventDefault()));

    table.setAttribute("role", "grid");
    table.setAttribute("aria-multiselectable", "true");
    for (const cell of where.keys()) cell.setAttribute("tabindex", "-1");
    const first = sittings.findIndex((_, c) => !head(c).dataset.shut && grid.some((line) => !saved.get(line[c])));
    choose(grid[0][Math.max(0, first)]);
  }

  for (const table of all("table[data-grid]")) table.dataset.marks ? marks(table) : fields(table);
})();
