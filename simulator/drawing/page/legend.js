/* One button a group: switches it on and off, and tells its numbers. */

function element(name, properties = {}, ...children) {
  const { dataset = {}, ...rest } = properties;
  const made = Object.assign(document.createElement(name), rest);
  Object.assign(made.dataset, dataset);
  made.append(...children);
  return made;
}

/* A label with formulas comes from Python as markup made of paths and escaped text only. */
function labelElement(group) {
  const label = element("span", { className: "label" });
  if (group.markup) label.innerHTML = group.markup;
  else label.textContent = group.label;
  return label;
}

function legendRow(group, toggle) {
  const bar = element("span", { className: "bar" });
  const parts = run.minima.order.map((m) => {
    const part = element("span", { className: m === run.minima.followed ? "part full" : "part" });
    bar.append(part);
    return part;
  });
  const words = element("span", { className: "words" });
  const button = element("button", { type: "button", className: "group", title: group.label },
    element("span", { className: "swatch" }), labelElement(group), words);
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
  const said = [`${group.particles > 1 ? "median " : ""}loss ${lossText(now.median)}`];
  if (now.outside) said.push(`${whole(now.outside)} outside`);
  if (now.diverged) said.push(`${whole(now.diverged)} diverged`);
  setText(words, said.join(", "));
  run.minima.order.forEach((m, k) => {
    const share = now.shares[m];
    parts[k].style.flexBasis = `${100 * share}%`;
    setText(parts[k], share > 0.3 ? `${run.minima.names[m]} ${percent(share)}` : share > 0.12 ? percent(share) : "");
  });
}
