/* One button a group: switches it on and off, and tells its numbers. */

function element(name, properties = {}, ...children) {
  const { dataset = {}, ...rest } = properties;
  const made = Object.assign(document.createElement(name), rest);
  Object.assign(made.dataset, dataset);
  made.append(...children);
  return made;
}

/* A label comes from Python in pieces: texts, and formulas as the paths of their glyphs. */
function labelElement(group) {
  return element("span", { className: "label" },
    ...group.pieces.map((piece) => (typeof piece === "string" ? piece : formulaElement(piece))));
}

function formulaElement({ formula, height, view, path }) {
  return drawingElement({ class: "formula", role: "img", "aria-label": formula, height, viewBox: view }, path);
}

/* The group's shape in its colour. */
function swatchElement({ corners }) {
  const outline = corners.length ? `M${corners.map(([x, y]) => `${x} ${y}`).join("L")}Z` : "M-1 0a1 1 0 1 1 2 0a1 1 0 1 1-2 0Z";
  return drawingElement({ class: "swatch", "aria-hidden": "true", viewBox: "-1.6 -1.6 3.2 3.2" }, outline);
}

function drawingElement(given, path) {
  const { namespaceURI } = document.querySelector("svg");
  const [svg, shape] = ["svg", "path"].map((name) => document.createElementNS(namespaceURI, name));
  for (const [name, value] of Object.entries(given)) svg.setAttribute(name, value);
  shape.setAttribute("fill", "currentColor");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}

function legendRow(group, toggle) {
  const bar = element("span", { className: "bar" });
  const parts = run.where.filter(({ strength }) => strength !== null).map(({ strength }) => {
    const part = element("span", { className: { 0: "part way", 1: "part full" }[strength] || "part" });
    bar.append(part);
    return part;
  });
  const words = element("span", { className: "words" });
  const button = element("button", { type: "button", className: "group", title: group.label },
    swatchElement(group), labelElement(group), words);
  if (parts.length) button.append(bar);
  button.setAttribute("aria-pressed", "true");
  if (group.k < 9) button.setAttribute("aria-keyshortcuts", String(group.k + 1));
  button.addEventListener("click", () => toggle(group));
  document.getElementById("groups").append(element("li", {}, button));
  return { group, button, words, parts };
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function drawLegendRow({ group, button, words, parts }, clock, look) {
  const now = numbersAt(group, latest(group.clock, clock));
  button.style.setProperty("--colour", look.groups[group.k]);
  button.setAttribute("aria-pressed", String(group.on));
  const told = [`${group.particles > 1 ? "median " : ""}loss ${lossText(now.median)}`];
  if (now.outside) told.push(`${whole(now.outside)} outside the map`);
  if (now.diverged) told.push(`${whole(now.diverged)} diverged`);
  setText(words, told.map(said).join(", "));
  parts.forEach((part, k) => {
    const share = now.shares[k];
    part.style.flexBasis = `${100 * share}%`;
    const words = said(`${run.where[k].word} ${percent(share)}`);
    part.title = words;
    setText(part, share > 0.3 ? words : share > 0.12 ? percent(share) : "");
  });
}
