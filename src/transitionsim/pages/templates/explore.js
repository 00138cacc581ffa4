"use strict";
(function () {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const SVG = "http://www.w3.org/2000/svg";
  const state = { at: data.levers.map(() => 0), outcome: 0, horizon: data.horizons.length - 1, against: 0, moved: 0 };

  // Names of scenarios are a user's: they stand in quotation marks wherever they are read.
  const names = new Map(Object.entries(data.quoted));
  const quoted = (name) => names.get(name) || name;

  // Everything that comes from a user is set as text, never as markup.
  function element(name, text, attributes) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    for (const key of Object.keys(attributes || {})) made.setAttribute(key, attributes[key]);
    return made;
  }
  function drawn(name, attributes, text) {
    const made = document.createElementNS(SVG, name);
    for (const key of Object.keys(attributes)) made.setAttribute(key, attributes[key]);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function rows(outcome) {
    const key = data.outcomes[outcome].key + "|" + data.horizons[state.horizon] + "|" + data.references[state.against];
    return { key: key, lines: data.lines[key] || {} };
  }
  function far(one, two, lever) {
    const spec = data.levers[lever];
    if (one === two) return 0;
    if (!spec.numbers || spec.values[one] === null || spec.values[two] === null) return 1;
    const known = spec.values.filter((value) => value !== null);
    const width = Math.max(...known) - Math.min(...known) || 1;
    return Math.abs(spec.values[one] - spec.values[two]) / width;
  }
  function nearest() {
    let best = null;
    let least = Infinity;
    for (const point of data.points) {
      const distance = point.at.reduce((sum, place, lever) => sum + far(place, state.at[lever], lever) ** 2, 0);
      if (distance < least) { least = distance; best = point; }
    }
    return { point: best, exact: least === 0 };
  }

  function controls() {
    const box = byId("levers");
    data.levers.forEach((lever, number) => {
      const id = "lever-" + number;
      const label = element("label", lever.name + ": ", { for: id });
      if (!lever.numbers) {
        const select = element("select", undefined, { id: id });
        lever.labels.forEach((text, place) => select.append(element("option", quoted(text), { value: String(place) })));
        select.addEventListener("change", () => move(number, Number(select.value)));
        box.append(label, select);
        return;
      }
      const output = element("output", "", { for: id, id: id + "-value" });
      label.append(output);
      const slider = element("input", undefined, { type: "range", id: id, min: "0", max: String(lever.labels.length - 1), step: "1" });
      slider.addEventListener("input", () => move(number, Number(slider.value)));
      box.append(label, slider);
    });
    const views = [["outcome", data.outcomes.map((one) => one.title)], ["horizon", data.horizons.map(String)], ["against", data.references.map(quoted)]];
    for (const [name, texts] of views) {
      const select = byId(name);
      texts.forEach((text, place) => select.append(element("option", text, { value: String(place) })));
      select.addEventListener("change", () => { state[name] = Number(select.value); show(true); });
    }
  }
  function move(lever, place) {
    state.at[lever] = place;
    state.moved = lever;
    show(true);
  }
  function settle() {
    data.levers.forEach((lever, number) => {
      const input = byId("lever-" + number);
      input.value = String(state.at[number]);
      if (lever.numbers) {
        byId("lever-" + number + "-value").textContent = lever.labels[state.at[number]];
        input.setAttribute("aria-valuetext", lever.labels[state.at[number]]);
      }
    });
    for (const name of ["outcome", "horizon", "against"]) byId(name).value = String(state[name]);
  }

  function link() {
    const parts = data.levers.map((lever, number) => [lever.name, lever.labels[state.at[number]]]);
    parts.push(["outcome", data.outcomes[state.outcome].key], ["horizon", String(data.horizons[state.horizon])], ["less", data.references[state.against]]);
    return "#" + parts.map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
  }
  function restore() {
    const text = location.hash.slice(1);
    if (!text) return [];
    const unknown = [];
    for (const part of text.split("&")) {
      let name, value;
      try { [name, value] = part.split("=").map(decodeURIComponent); } catch (error) { unknown.push(part); continue; }
      const lever = data.levers.findIndex((one) => one.name === name);
      const lists = { outcome: data.outcomes.map((one) => one.key), horizon: data.horizons.map(String), less: data.references };
      const names = { outcome: "outcome", horizon: "horizon", less: "against" };
      const place = lever >= 0 ? data.levers[lever].labels.indexOf(value) : name in lists ? lists[name].indexOf(value) : -1;
      if (place < 0) unknown.push(part);
      else if (lever >= 0) state.at[lever] = place;
      else state[names[name]] = place;
    }
    return unknown;
  }

  function show(write, unknown) {
    settle();
    const found = nearest();
    const now = rows(state.outcome);
    const line = found.point ? now.lines[found.point.name] : undefined;
    byId("point").textContent = found.point ? "Shown: " + quoted(found.point.name) + (line ? ", " + line.n + " paired draws" : "") : "No point is stored.";
    const notices = [];
    if (found.point && !found.exact) notices.push("This combination was not run. The nearest stored point is shown: " + quoted(found.point.name) + ".");
    if (unknown && unknown.length) notices.push("Not known here and left out: " + unknown.join(", ") + ".");
    byId("notice").textContent = notices.join(" ");
    byId("notice").hidden = notices.length === 0;
    result(line, found.point && found.point.name === data.references[state.against]);
    chart(found.point, now);
    table(found.point);
    if (write) history.replaceState(null, "", link());
  }
  function result(line, itself) {
    const place = byId("result");
    place.textContent = itself ? "This is what the others are compared with." : line ? "" : "Nothing is stored for this outcome, year and reference.";
    if (!line) return;
    place.append(element("strong", line.median + " " + line.unit), " (nine draws of ten " + line.total + "): " + line.answer + ". Mean " + line.mean + " (90 % interval " + line.range + ")" + (line.effect_answer ? ", against the smallest effect of interest: " + line.effect_answer : "") + ".");
  }
  function table(point) {
    const body = byId("table");
    body.textContent = "";
    data.outcomes.forEach((one, number) => {
      const line = point ? rows(number).lines[point.name] : undefined;
      const row = element("tr", undefined, { role: "row" });
      row.append(element("th", line ? one.title + ", " + line.unit : one.title, { scope: "row", role: "rowheader" }));
      const heads = Array.from(document.querySelectorAll("#all ~ .wide thead th"), (head) => head.textContent);
      ["median", "total", "mean", "range"].forEach((name, place) => row.append(element("td", line ? line[name] : "", { class: "number", role: "cell", "data-label": heads[place + 1] })));
      row.append(element("td", line ? line.answer : "not stored", { role: "cell", "data-label": heads[5] }));
      if (line && line.answer.startsWith("undecided")) row.className = "undecided";
      body.append(row);
    });
  }

  function alongside(point) {
    // The stored points that differ from the shown one in the lever that was moved last, and in no other.
    if (!point) return [];
    const same = (one) => one.at.every((place, lever) => lever === state.moved || place === point.at[lever]);
    return data.points.filter(same).sort((one, two) => one.at[state.moved] - two.at[state.moved]);
  }
  function chart(point, now) {
    const svg = byId("chart");
    svg.textContent = "";
    const points = alongside(point).filter((one) => now.lines[one.name]);
    const scale = data.scales[now.key];
    const outcome = data.outcomes[state.outcome];
    const title = outcome.title + ", to " + data.horizons[state.horizon] + ", less " + quoted(data.references[state.against]);
    svg.append(drawn("title", { id: "chart-title" }, title + ": " + points.map((one) => quoted(one.name) + " " + now.lines[one.name].median + " (" + now.lines[one.name].total + ")").join("; ") + ". " + data.caveat + "."));
    const add = (name, attributes, text) => svg.append(drawn(name, attributes, text));
    const left = 90, right = 880, top = 46, bottom = 316;
    add("text", { x: left, y: 24, "font-size": 15, "font-weight": 600, fill: "#1c1c1c" }, title);
    add("text", { x: right, y: 372, "font-size": 13, "font-style": "italic", "text-anchor": "end", fill: "#8f2222" }, data.caveat);
    if (!scale || !points.length) return;
    const y = (value) => bottom - (value - scale[0]) / (scale[1] - scale[0]) * (bottom - top);
    const first = now.lines[points[0].name];
    if (first.floor[0] !== null) add("rect", { x: left, y: y(first.floor[1]), width: right - left, height: Math.max(0, y(first.floor[0]) - y(first.floor[1])), fill: "#5a5a5a", opacity: 0.12 });
    for (const value of ticks(scale)) {
      add("line", { x1: left, x2: right, y1: y(value), y2: y(value), stroke: "#e4e4e4" });
      add("text", { x: left - 8, y: y(value) + 4, "font-size": 12, "text-anchor": "end", fill: "#565656" }, shown(value));
    }
    if (first.effect !== null) for (const end of [first.effect, -first.effect]) add("line", { x1: left, x2: right, y1: y(end), y2: y(end), stroke: "#767676", "stroke-dasharray": "5 4" });
    add("line", { x1: left, x2: right, y1: y(0), y2: y(0), stroke: "#1c1c1c" });
    add("text", { x: left, y: top - 6, "font-size": 12, fill: "#565656" }, first.unit);
    const gap = (right - left) / points.length;
    points.forEach((one, place) => {
      const x = left + gap * (place + 0.5);
      const [median, p05, p95, mean, low, high] = now.lines[one.name].numbers;
      const chosen = one === point;
      const colour = chosen ? "#00588a" : "#767676";
      if (p05 !== null) add("rect", { x: x - (chosen ? 9 : 6), y: y(p95), width: chosen ? 18 : 12, height: Math.max(1.5, y(p05) - y(p95)), fill: colour, opacity: 0.4 });
      if (low !== null) add("line", { x1: x, x2: x, y1: y(low), y2: y(high), stroke: colour, "stroke-width": 2.5 });
      if (mean !== null) add("line", { x1: x - 9, x2: x + 9, y1: y(mean), y2: y(mean), stroke: colour, "stroke-width": 2.5 });
      add("circle", { cx: x, cy: y(median), r: chosen ? 7 : 4.5, fill: chosen ? "#fff" : colour, stroke: colour, "stroke-width": 3, "data-point": one.name });
      if (chosen) add("text", { x: x + 14, y: y(median) - 8, "font-size": 14, "font-weight": 600, fill: colour }, now.lines[one.name].median);
      const label = quoted(data.levers[state.moved].labels[one.at[state.moved]]);
      const short = label.length * 7 > gap * 1.6 ? label.slice(0, Math.max(4, Math.floor(gap * 1.6 / 7))) + "…" : label;
      add("text", { x: x, y: bottom + 20 + (points.length > 5 && place % 2 ? 16 : 0), "font-size": 12, "text-anchor": "middle", fill: chosen ? "#00588a" : "#565656", "font-weight": chosen ? 600 : 400 }, short);
    });
    add("text", { x: (left + right) / 2, y: bottom + 52, "font-size": 13, "text-anchor": "middle", fill: "#565656" }, data.levers[state.moved].name);
  }
  function ticks(scale) {
    const rough = (scale[1] - scale[0]) / 5;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough);
    const found = [];
    for (let value = Math.ceil(scale[0] / step) * step; value <= scale[1]; value += step) found.push(Math.abs(value) < step / 1e6 ? 0 : value);
    return found;
  }
  function shown(value) {
    const text = Math.abs(value).toLocaleString("en-US", { maximumFractionDigits: 2 });
    return value < 0 ? "\u2212" + text : text;
  }

  controls();
  const start = data.references.indexOf(data.start);
  if (start >= 0) state.against = start;
  const own = rows(state.outcome).lines;
  const begin = data.points.find((point) => own[point.name]);
  if (begin) state.at = begin.at.slice();
  const unknown = restore();
  show(false, unknown);
  window.addEventListener("hashchange", () => show(false, restore()));
})();
