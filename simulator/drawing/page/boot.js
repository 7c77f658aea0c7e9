/* A page that computes its run is unpacked: what it is told and its numbers lie in parts, the last of them in the page
   itself, those before it in files that several pages share; see parts.py. */

async function partArrays({ arrays: directory, data }) {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const buffer = await new Response(stream).arrayBuffer();
  const kinds = { f4: Float32Array, f8: Float64Array, u1: Uint8Array, u2: Uint16Array };
  return Object.entries(directory).map(([name, [kind, first, last]]) => [name, new kinds[kind](buffer.slice(first, last))]);
}

/* A value that a base and what differs from it make. */
function joined(base, other) {
  const plain = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
  if (!plain(base) || !plain(other)) return other;
  return Object.fromEntries([...new Set([...Object.keys(base), ...Object.keys(other)])].map((key) => [
    key, key in other ? (key in base ? joined(base[key], other[key]) : other[key]) : base[key],
  ]));
}

/* Arrays of the same name follow each other. */
function appended(first, second) {
  const both = new first.constructor(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

async function unpackedParts(parts) {
  const arrays = {};
  let told = {};
  for (const part of parts) {
    for (const [name, values] of await partArrays(part)) {
      if (name === "told") told = joined(told, JSON.parse(new TextDecoder().decode(values)));
      else arrays[name] = name in arrays ? appended(arrays[name], values) : values;
    }
  }
  return { ...told, arrays };
}

/* The page's script: of a file that pages share, or packed with the page's other data.  Then its text is made a script
   again, which the rules of the page allow by its hash. */
function startPage(bytes) {
  if (window.errsurfPage) return window.errsurfPage();
  const text = new TextDecoder().decode(bytes);
  const rules = window.trustedTypes?.createPolicy("errsurf-page", { createScript: (given) => given });
  const script = document.createElement("script");
  script.textContent = rules ? rules.createScript(text) : text;
  document.body.append(script);
}

async function boot() {
  const own = { ...JSON.parse(document.getElementById("run").textContent), data: document.getElementById("arrays").textContent.trim() };
  const given = await unpackedParts([...(window.errsurfParts || []), own]);
  window.errsurf = { given };
  startPage(given.arrays.page);
  if (window.errsurf.given) throw new Error("its script is refused");
  return window.errsurf.ready;
}

window.errsurf = {
  ready: boot().catch((error) => {
    const place = document.getElementById("failure");
    place.hidden = false;
    place.textContent = `This page needs a browser of 2023 or later (${error.message}).`;
  }),
};
