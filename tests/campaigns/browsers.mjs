/* What browsers.py lets the browsers do: `node browsers.mjs TASK FOLDER` serves FOLDER on 127.0.0.1, drives Chromium and
   Firefox, and writes a line of JSON for each. */
import { createRequire } from "node:module";
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { join, extname } from "node:path";

const puppeteer = createRequire(import.meta.url)("puppeteer-core");
const [, , task, folder] = process.argv;
const BROWSERS = {
  chromium: { browser: "chrome", executablePath: "/usr/bin/chromium", headless: true, args: ["--no-sandbox"] },
  firefox: { browser: "firefox", executablePath: "/usr/bin/firefox-esr", headless: true },
};
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".json": "application/json" };
const RULES = "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; worker-src 'self'";
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const json = async (name) => JSON.parse(await readFile(join(folder, name), "utf8"));

/* The worker of the tasks "bits" and "rate": it runs the plans of a file. */
const WORKER = `importScripts("engine.js");
const bytes = (text) => Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));
const told = async (name) => JSON.parse(await (await fetch(name)).text(), (_, value) => value && value.float64 !== undefined
  ? new Float64Array(bytes(value.float64).buffer) : value);
const same = (array, text) => {
  const found = new Uint8Array(array.buffer, array.byteOffset, array.byteLength), wanted = bytes(text);
  return found.length === wanted.length && found.every((value, k) => value === wanted[k]);
};
const started = async (name) => {
  const given = await told(name);
  const engine = createEngine(await unpackModules(given.modules));
  engine.surface(given.surface);
  return { given, engine };
};
const acts = {
  async bits(name) {
    const { given, engine } = await started(name);
    const found = { name, failures: [], updates: 0, orders: 0 };
    given.plans.forEach((plan, k) => {
      const group = engine.group(plan), { frames, diverged, orders } = given.expected[k];
      group.start(given.theta);
      if (!same(group.advance(given.updates, given.every), frames)) found.failures.push(given.rules[k] + ": positions");
      if (!same(Int32Array.from(group.diverged), diverged)) found.failures.push(given.rules[k] + ": diverged");
      orders.forEach((updates, p) => updates.forEach((text, u) => {
        found.orders += 1;
        if (!same(Uint32Array.from(group.batch(p, u)), text)) found.failures.push(given.rules[k] + ": order " + [p, u]);
      }));
      found.updates += given.updates * plan.particles;
      group.close();
    });
    return found;
  },
  async rate(name) {
    const { given, engine } = await started(name);
    return given.plans.map((plan) => {
      let best = Infinity;
      for (let k = 0; k < 7; k++) {
        const group = engine.group(plan);
        group.start(given.theta);
        const began = performance.now();
        group.advance(given.updates, given.every);
        best = Math.min(best, performance.now() - began);
        group.close();
      }
      return (1000 * plan.particles * given.updates) / best;
    });
  },
};
onmessage = ({ data: [act, name] }) => acts[act](name).then(postMessage, (error) => postMessage({ name, failures: [String(error.stack)] }));`;

async function serve() {
  const server = createServer(async ({ url }, answer) => {
    const name = decodeURIComponent(url.split("?")[0]).slice(1);
    const made = { "": "<!DOCTYPE html><title>campaign</title>", "tasks.js": WORKER }[name];
    const text = made ?? (await readFile(join(folder, name)).catch(() => null));
    const own = name === "" || name === "tasks.js" ? { "Content-Security-Policy": RULES } : {};
    answer.writeHead(text === null ? 404 : 200, { "Content-Type": TYPES[extname(name)] || "text/html", ...own });
    answer.end(text ?? "");
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { server, address: `http://127.0.0.1:${server.address().port}/` };
}

/* What a worker of the page says of each file. */
async function inWorker(page, act, names) {
  return page.evaluate(async (act, names) => {
    const found = [];
    for (const name of names) {
      const worker = new Worker("tasks.js");
      found.push(await new Promise((done) => {
        worker.onmessage = ({ data }) => done(data);
        worker.onerror = ({ message }) => done({ name, failures: [message || "the worker did not start"] });
        worker.postMessage([act, name]);
      }));
      worker.terminate();
    }
    return found;
  }, act, names);
}

const TASKS = {
  async bits(page, address) {
    await page.goto(address);
    const found = await inWorker(page, "bits", await json("cases.json"));
    const sum = (key) => found.reduce((all, each) => all + (each[key] || 0), 0);
    const failures = found.flatMap(({ name, failures }) => failures.map((each) => `${name}: ${each}`));
    return [{ cases: found.length, updates: sum("updates"), orders: sum("orders"), failures }];
  },
  async rate(page, address) {
    await page.goto(address);
    const [rates] = await inWorker(page, "rate", ["rate.json"]);
    const pictures = await frames(page, `${address}many.html`);
    return [{ rates, pictures }];
  },
  async kinds(page, address) {
    return [await everyKind(page, `${address}kinds.html`)];
  },
  async use(page, address, browser) {
    const found = [];
    for (const name of await json("pages.json")) {
      const own = await browser.newPage();
      found.push({ page: name, ...(await useAtRandom(own, address + name, browser)) });
      await own.close();
    }
    return found;
  },
};

/* What a page makes of each kind of record: three optimizers or schedules at once, one start, one way of sampling. */
async function everyKind(page, address) {
  const errors = [];
  page.on("pageerror", ({ message }) => message.includes("favicon.ico") || errors.push(message));
  await page.goto(address);
  await finished(page);
  const choices = async (id) => page.evaluate((id) => [...document.getElementById(id).options].map(({ value }) => value), `field-${id}`);
  const threes = (names, path) => Array.from({ length: Math.ceil(names.length / 3) }, (_, at) => Object.fromEntries(names.slice(3 * at, 3 * at + 3).map((name, k) => [`${k}.${path}`, name])));
  const states = [
    ...threes(await choices("0.kind"), "kind"), ...threes(await choices("0.schedule.decay"), "schedule.decay"),
    ...threes((await choices("0.clip.kind")).slice(1), "clip.kind"), { "1.noise.kind": "isotropic", "2.noise.kind": "stable" },
    ...(await choices("swarm.start")).map((name) => ({ "swarm.start": name })), ...(await choices("run.sampling.kind")).map((name) => ({ "run.sampling.kind": name })),
  ];
  const found = [];
  for (const settings of states) {
    await page.evaluate((settings) => {
      document.getElementById("undo").click();
      for (const [path, value] of Object.entries({ "swarm.particles": 90, "run.epochs": 10, ...settings })) errsurf.setValue(path, value);
    }, settings);
    if (!(await finished(page, 20))) errors.push(`${JSON.stringify(settings)}: ${await page.evaluate(() => document.getElementById("failure").textContent)}`);
    else found.push({ settings, ...(await page.evaluate(async () => ({ toml: errsurf.stateToml(), ends: (await errsurf.exactPlaces()).map((places) => [...places]) }))) });
  }
  return { errors, found };
}

/* Times between pictures while a page plays, in ms. */
async function frames(page, address) {
  await page.setViewport({ width: 1280, height: 800 });
  await page.goto(address);
  await finished(page);
  return page.evaluate(() => new Promise((done) => {
    errsurf.seek(0);
    errsurf.play(true);
    const gaps = [];
    let last = performance.now();
    const next = (time) => {
      gaps.push(time - last);
      last = time;
      if (gaps.length < 240 && errsurf.state.playing) return requestAnimationFrame(next);
      gaps.sort((a, b) => a - b);
      const at = (share) => Math.round(10 * gaps[Math.floor(share * (gaps.length - 1))]) / 10;
      return done({ count: gaps.length, median: at(0.5), "95%": at(0.95), most: at(1), shown: errsurf.recording().groups.map(({ shown, particles }) => [shown, particles]) });
    };
    requestAnimationFrame(next);
  }));
}

async function finished(page, seconds = 60) {
  for (let k = 0; k < 10 * seconds; k++) {
    if (await page.evaluate(() => Boolean(window.errsurf?.finished?.()))) return true;
    await wait(100);
  }
  return false;
}

/* The page's state once it is computed, and where its particles end; null for a state that cannot be run, such as
   matched noise with small batches, of which the page says why. */
async function looked(page, errors) {
  if (!(await finished(page, 3))) {
    const words = await page.evaluate(() => document.getElementById("failure").textContent);
    if (words) return null;
    if (!(await finished(page, 60))) return errors.push("the run does not end, and nothing is said") && null;
  }
  return page.evaluate(async () => ({ toml: errsurf.stateToml(), ends: (await errsurf.exactPlaces()).map((places) => [...places]) }));
}

/* The same numbers each time. */
function dice(seed) {
  let now = seed;
  return () => {
    now = (now * 1103515245 + 12345) % 2147483648;
    return now / 2147483648;
  };
}

/* What the page itself can do in one act: sliders, lists, texts, boxes, buttons; null for an act from outside. */
const ACT = (kind, which, value) => {
  const pick = (list) => list[Math.floor(which * list.length)];
  const seen = (element) => element && element.offsetParent !== null && !element.disabled;
  const all = (css) => [...document.querySelectorAll(css)].filter(seen);
  const fire = (element, name) => element.dispatchEvent(new Event(name, { bubbles: true }));
  if (kind < 0.3) {
    const range = pick(all("#settings input[type=range]"));
    if (!range) return null;
    range.focus();
    range.value = Number(range.min) + value * (Number(range.max) - Number(range.min));
    fire(range, "input");
    return `slide ${range.dataset.slides} ${range.value}`;
  }
  if (kind < 0.45) {
    const list = pick(all("select"));
    list.selectedIndex = Math.floor(value * list.options.length);
    fire(list, "change");
    return `choose ${list.id} ${list.value}`;
  }
  if (kind < 0.57) {
    const input = pick(all("#settings input[type=text]"));
    if (!input) return null;
    const texts = /particles/.test(input.id) ? [String(Math.ceil(4000 * value))] : /updates|epochs/.test(input.id) ? [String(Math.ceil(90 * value))]
      : ["0.1", "3", "abc", "", "1e-3", "0.5,0.2", String(value), "</script><img src=x onerror=errsurf.state.taken=1>"];
    input.value = texts[Math.floor(value * 997) % texts.length];
    fire(input, "change");
    return `type ${input.id} ${input.value}`;
  }
  if (kind < 0.62) {
    const box = pick(all("#settings input[type=checkbox]"));
    box?.click();
    return box ? `check ${box.id}` : null;
  }
  if (kind < 0.8) {
    const button = pick(all("button, summary"));
    button.click();
    return `press ${button.id || button.className || button.textContent}`;
  }
  return null;
};

/* A minute of everything that a user can do. */
async function useAtRandom(page, address, browser) {
  const errors = [];
  const count = (text) => text.includes("favicon.ico") || errors.push(text);
  page.on("pageerror", ({ message, stack }) => count(`${message} ${(stack || "").slice(0, 400)}`));
  page.on("console", (told) => ["error", "warn"].includes(told.type()) && count(told.text().slice(0, 400)));
  await page.evaluateOnNewDocument(() => {
    window.longTasks = [];
    window.gaps = [];
    window.saves = 0;
    HTMLAnchorElement.prototype.click = () => { window.saves += 1; };
    if (globalThis.PerformanceObserver?.supportedEntryTypes?.includes("longtask")) {
      new PerformanceObserver((list) => list.getEntries().forEach(({ startTime, duration }) => window.longTasks.push([Math.round(startTime), Math.round(duration)]))).observe({ entryTypes: ["longtask"] });
    }
    let last = performance.now();
    setInterval(() => {
      const now = performance.now();
      if (!document.hidden && now - last > 120) window.gaps.push([Math.round(last), Math.round(now - last)]);
      last = now;
    }, 20);
  });
  await page.setViewport({ width: 1280, height: 800 });
  await page.goto(address);
  await finished(page);
  await page.evaluate(() => {
    window.longTasks.length = window.gaps.length = 0;
  });
  const random = dice(Number(process.env.SEED || 5)), done = {};
  const counted = (name) => {
    done[name] = (done[name] || 0) + 1;
  };
  const end = Date.now() + 1000 * Number(process.env.SECONDS || 60);
  const states = [];
  let acts = 0, last = "";
  while (Date.now() < end && !errors.length) {
    acts += 1;
    const made = await page.evaluate(ACT, random(), random(), random());
    last = made ?? (await actOutside(page, browser, random));
    counted(last.split(" ")[0]);
    if (process.env.LOG) process.stderr.write(`${await page.evaluate(() => `${Math.round(performance.now())} ${window.longTasks.splice(0).map(([, ms]) => ms)}`)} ${last}\n`);
    await wait(250 * random());
    if (acts % 25 === 0) states.push(await looked(page, errors));
  }
  states.push(await looked(page, errors));
  if (!states.at(-1)) {
    await page.click("#undo");
    states.push(await looked(page, errors));
  }
  const found = await page.evaluate(async () => ({
    longTasks: window.longTasks.filter(([, duration]) => duration > 100), tasksOver50: window.longTasks.length, gaps: window.gaps, saves: window.saves,
    link: location.hash.length, taken: errsurf.state.taken === undefined,
  }));
  if (!found.taken) errors.push("a text has run as a script");
  return { acts, done, last, errors, ...found, states: states.filter(Boolean), refused: states.filter((each) => !each).length };
}

/* Clicks, touches, keys, sizes, another tab in front. */
async function actOutside(page, browser, random) {
  const q = random();
  const box = await (await page.$("#map")).boundingBox();
  const [x, y] = [box.x + 60 + random() * Math.max(20, box.width - 80), box.y + 15 + random() * Math.max(20, box.height - 70)];
  const { width, height } = page.viewport();
  const inside = x > 0 && y > 0 && x < width && y < height;
  if (q < 0.25 && inside) return page.mouse.click(Math.round(x), Math.round(y)).then(() => "click");
  if (q < 0.4 && inside) return page.touchscreen.tap(Math.round(x), Math.round(y)).then(() => "touch");
  if (q < 0.5 && inside) {
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 40, y + 20, { steps: 5 });
    await page.mouse.up();
    return "drag";
  }
  if (q < 0.65) {
    await page.setViewport({ width: 380 + Math.floor(1000 * random()), height: 380 + Math.floor(600 * random()) });
    return "resize";
  }
  if (q < 0.72) {
    const other = await browser.newPage();
    await other.bringToFront();
    await wait(800);
    await other.close();
    await page.bringToFront();
    return "background";
  }
  const keys = ["c", "u", "e", "ArrowRight", "ArrowLeft", " ", "+", "-", "0", "1", "d", "r", "End", "Home", "]", "["];
  const key = keys[Math.floor(keys.length * random())];
  await page.focus("#map");
  await page.keyboard.press(key);
  return `key ${key === " " ? "Space" : key}`;
}

const { server, address } = await serve();
for (const [name, options] of Object.entries(BROWSERS)) {
  if (process.env.BROWSER && process.env.BROWSER !== name) continue;
  const browser = await puppeteer.launch({ protocolTimeout: 1200000, ...options });
  try {
    const version = await browser.version();
    for (const found of await TASKS[task](await browser.newPage(), address, browser)) process.stdout.write(`${JSON.stringify({ browser: version, ...found })}\n`);
  } finally {
    await browser.close();
  }
}
server.close();
