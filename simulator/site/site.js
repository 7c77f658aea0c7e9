/* The pages of a lesson run where they are looked at: a frame is filled when it comes near and emptied when it is far
   away, so that few run at a time; what its page found of its claims is kept. */

const NEAR = "600px 0px";
const FAR = "2400px 0px";
const HIGHEST = 1600;

const frames = [...document.querySelectorAll(".frame[data-page]")];

function fill(figure) {
  if (figure.querySelector("iframe")) return;
  const frame = document.createElement("iframe");
  frame.src = figure.dataset.page;
  frame.title = figure.dataset.title;
  figure.querySelector("img").hidden = true;
  figure.prepend(frame);
}

function empty(figure) {
  figure.querySelector("iframe")?.remove();
  figure.querySelector("img").hidden = false;
}

function watch(margin, act) {
  const observer = new IntersectionObserver((found) => found.forEach((each) => act(each.target, each.isIntersecting)), { rootMargin: margin });
  frames.forEach((figure) => observer.observe(figure));
}

/* Words of a page in a frame: its height, and the verdict of a claim, by its place among them. */
function hear({ source, data }) {
  const figure = frames.find((each) => each.querySelector("iframe")?.contentWindow === source);
  if (!figure || typeof data !== "object" || data === null) return;
  if (data.kind === "errsurf-size" && Number.isFinite(data.height)) {
    figure.querySelector("iframe").style.height = `max(36rem, ${Math.min(data.height, HIGHEST)}px)`;
  }
  if (data.kind === "errsurf-claim") showVerdict(figure.dataset.name, data.place, data.verdict);
}

function showVerdict(name, place, verdict) {
  const words = JSON.parse(document.getElementById("verdicts").textContent);
  if (!Object.hasOwn(words, verdict)) return;
  for (const item of document.querySelectorAll(".checked li")) {
    if (item.dataset.name !== name || Number(item.dataset.claim) !== place) continue;
    const mark = item.querySelector(".verdict");
    mark.dataset.verdict = verdict;
    mark.textContent = words[verdict];
  }
}

/* The optimizer that is chosen goes with every link to a surface. */
function choose(select) {
  const kept = [...document.querySelectorAll("a[data-surface]")].map((link) => [link, link.getAttribute("href")]);
  const act = () => kept.forEach(([link, address]) => link.setAttribute("href", select.value ? `${address}#groups=0&0.kind=${encodeURIComponent(select.value)}` : address));
  select.addEventListener("change", act);
  act();
}

const optimizers = document.getElementById("optimizers");
if (optimizers) choose(optimizers);
addEventListener("message", hear);
if (frames.length) {
  watch(NEAR, (figure, near) => near && fill(figure));
  watch(FAR, (figure, near) => near || empty(figure));
}
