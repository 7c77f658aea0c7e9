/* A live page in a frame, and the model that Python shares: what one changes, the other follows.  Messages are those of
   hosting.js; each has a number, and states of the page that are older than the last message are not heeded. */

const NAMES = ["groups", "settings", "clock", "playing"];
/* Models that a page is changing now: the changes come from a page and not from Python. */
const following = new Set();

function render({ model, el }) {
  const frame = el.ownerDocument.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts allow-downloads");
  frame.title = "errsurf";
  Object.assign(frame.style, { width: "100%", height: "640px", border: "0", display: "block" });
  const page = { number: 0, ready: false, state: {} };
  const send = (kind, more = {}) => {
    page.number += 1;
    frame.contentWindow?.postMessage({ kind, number: page.number, ...more }, "*");
  };
  const settings = () => send("errsurf-set", { groups: model.get("groups"), settings: model.get("settings") });
  const same = (name) => ordered(page.state[name]) === ordered(model.get(name));
  const keep = (values) => {
    following.add(model);
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    following.delete(model);
    model.save_changes();
  };
  const heard = {
    "errsurf-size": ({ height }) => {
      if (Number.isFinite(height)) frame.style.height = `${Math.min(Math.max(height, 240), 4000)}px`;
    },
    "errsurf-ready": () => {
      page.ready = true;
      settings();
      if (model.get("playing") === null) return;
      send("errsurf-play", { playing: model.get("playing") });
      send("errsurf-clock", { clock: model.get("clock") });
    },
    "errsurf-state": ({ answers, ...state }) => {
      if (answers < page.number) return;
      page.state = state;
      keep(Object.fromEntries(NAMES.filter((name) => !same(name)).map((name) => [name, state[name]])));
    },
    "errsurf-positions": ({ clock, groups }) => {
      keep({ _places: { clock, groups: groups.map(({ data, ...group }) => ({ ...group, data: new DataView(data) })) } });
    },
  };
  const hear = ({ source, data }) => {
    if (source === frame.contentWindow && Object.hasOwn(heard, data?.kind)) heard[data.kind](data);
  };
  const changes = {
    "change:groups change:settings": () => (same("groups") && same("settings")) || settings(),
    "change:playing": () => same("playing") || send("errsurf-play", { playing: model.get("playing") }),
    "change:clock": () => same("clock") || following.has(model) || send("errsurf-clock", { clock: model.get("clock") }),
    "change:_asked": () => send("errsurf-ask"),
  };
  const view = el.ownerDocument.defaultView;
  view.addEventListener("message", hear);
  const acts = Object.entries(changes).flatMap(([names, act]) => names.split(" ").map((name) => [name, () => page.ready && act()]));
  for (const [name, act] of acts) model.on(name, act);
  frame.srcdoc = model.get("_page");
  el.append(frame);
  return () => {
    view.removeEventListener("message", hear);
    for (const [name, act] of acts) model.off(name, act);
  };
}

/* A value as text in which the order of keys does not matter. */
function ordered(value) {
  const sorted = value && typeof value === "object" && !Array.isArray(value) ? Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)) : value;
  return JSON.stringify(sorted ?? null);
}

export default { render };
