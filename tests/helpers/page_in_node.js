/* Runs the scripts of a page without a browser and writes down what they draw: node page_in_node.js PAGE CLOCK... */
const fs = require("fs");
const [file, ...clocks] = process.argv.slice(2);
const html = fs.readFileSync(file, "utf8");
const scripts = [...html.matchAll(/<script([^>]*)>([\s\S]*?)<\/script>/g)].map(([, head, text]) => ({ head, text }));
const SIZES = { map: [760, 540], chart: [360, 200] };

class Path2D {
  constructor() { this.points = []; }
  moveTo(x, y) { this.points.push(["move", x, y]); }
  lineTo(x, y) { this.points.push(["line", x, y]); }
  arc(x, y, r) { this.points.push(["arc", x, y, r]); }
  closePath() { this.points.push(["close"]); }
}
class ImageData {
  constructor(width, height) { Object.assign(this, { width, height, data: new Uint8ClampedArray(4 * width * height) }); }
}

/* A pen that keeps every stroke and fill with its path and style. */
function pen(canvas) {
  const state = { strokeStyle: "#000000", fillStyle: "#000000", lineWidth: 1, globalAlpha: 1, font: "13px sans-serif" };
  const drawn = [];
  let path = new Path2D();
  const keep = (kind, given) => drawn.push({
    kind, points: (given || path).points.slice(), colour: kind === "fill" ? state.fillStyle : state.strokeStyle,
    width: state.lineWidth, alpha: state.globalAlpha,
  });
  const methods = {
    beginPath: () => { path = new Path2D(); },
    moveTo: (...at) => path.moveTo(...at), lineTo: (...at) => path.lineTo(...at), arc: (...at) => path.arc(...at),
    rect: () => {}, closePath: () => path.closePath(),
    stroke: (given) => keep("stroke", given), fill: (given) => keep("fill", given),
    fillText: (text, x, y) => drawn.push({ kind: "text", text, x, y, colour: state.fillStyle }),
    measureText: (text) => ({ width: 7 * text.length }),
    getImageData: (x, y, width, height) => new ImageData(width, height),
    fillRect: (x, y, width, height) => drawn.push({ kind: "rect", x, y, width, height, colour: state.fillStyle }),
  };
  const target = { canvas, drawn, ...methods };
  return new Proxy(target, {
    get: (_, name) => name in target ? target[name] : name in state ? state[name] : () => {},
    set: (_, name, value) => { state[name] = value; return true; },
  });
}

class Node {
  constructor(name) {
    Object.assign(this, { name, children: [], dataset: {}, attributes: {}, textContent: "", hidden: false, value: "" });
    this.style = { setProperty: () => {} };
    this.classList = { toggle: () => {}, add: () => {}, remove: () => {}, contains: () => false };
    const [width, height] = SIZES[name] || [0, 0];
    Object.assign(this, { clientWidth: width, clientHeight: height, width, height });
  }
  append(...nodes) { this.children.push(...nodes); }
  replaceChildren(...nodes) { this.children = nodes; }
  setAttribute(key, value) { this.attributes[key] = value; }
  getAttribute(key) { return this.attributes[key]; }
  addEventListener() {}
  remove() {}
  getContext() { return (this.pen ||= pen(this)); }
  getBoundingClientRect() { return { left: 0, top: 0, width: this.width, height: this.height }; }
  querySelector() { return new Node("inner"); }
}

const nodes = {};
const byName = (name) => (nodes[name] ||= new Node(name));
for (const { head, text } of scripts) {
  const id = /id="(\w+)"/.exec(head);
  if (id) byName(id[1]).textContent = text;
}
const document = {
  getElementById: byName, createElement: (name) => new Node(name), createElementNS: (_, name) => new Node(name),
  querySelector: () => ({ namespaceURI: "svg" }), querySelectorAll: () => [], documentElement: new Node("html"),
  body: new Node("body"), addEventListener: () => {}, activeElement: null,
};
const frames = [];
const colours = {
  "--ink": "ink", "--quiet": "quiet", "--pale": "pale", "--halo": "halo", "--paper": "paper", "--warning": "warning",
};
Object.assign(globalThis, {
  document, Path2D, ImageData, window: globalThis, parent: globalThis, location: { search: "" }, devicePixelRatio: 1, addEventListener: () => {},
  OffscreenCanvas: class { constructor(width, height) { Object.assign(this, { width, height }); } getContext() { return (this.pen ||= pen(this)); } },
  ResizeObserver: class { observe() {} },
  requestAnimationFrame: (draw) => frames.push(draw),
  getComputedStyle: () => ({ colorScheme: "light", fontSize: "16px", fontFamily: "sans", getPropertyValue: (name) => colours[name] || "" }),
  matchMedia: () => ({ matches: false, addEventListener: () => {} }),
});

async function main() {
  (0, eval)(scripts.at(-1).text);
  await globalThis.errsurf.ready;
  const found = {};
  for (const clock of clocks) {
    globalThis.errsurf.seek(Number(clock));
    for (const name of ["map", "chart"]) byName(name).getContext().drawn.length = 0;
    while (frames.length) frames.shift()(0);
    const { area } = globalThis.errsurf;
    found[clock] = {
      area: area(), map: byName("map").getContext().drawn.slice(), chart: byName("chart").getContext().drawn.slice(),
      clock: byName("clock").textContent, key: byName("key").children.map((item) => item.children.at(-1)),
      places: globalThis.errsurf.run.groups.map((_, k) => globalThis.errsurf.places(k)),
    };
  }
  process.stdout.write(JSON.stringify(found));
}
main().catch((error) => { console.error(error); process.exit(1); });
