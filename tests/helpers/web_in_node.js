/* Runs a function's body with the engine of pages; reads JSON from standard input, writes what the body returns. */
const path = require("path");
const { createEngine, unpackModules } = require(path.join(__dirname, "../../web/engine.js"));
const told = JSON.parse(require("fs").readFileSync(0, "utf8"), (_, value) =>
  value && value.float64 !== undefined ? new Float64Array(new Uint8Array(Buffer.from(value.float64, "hex")).buffer) : value);

const kinds = { Float32Array: "float32", Float64Array: "float64", Uint32Array: "uint32" };
const written = (_, value) =>
  ArrayBuffer.isView(value) ? { [kinds[value.constructor.name]]: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex") } : value;

(async () => {
  const engine = createEngine(await unpackModules(told.modules));
  engine.surface(told.surface);
  const body = new Function("engine", "told", "plans", "theta", told.calls);
  process.stdout.write(JSON.stringify(body(engine, told, told.plans, told.theta), written));
})().catch((error) => {
  process.stderr.write(String(error.stack));
  process.exit(1);
});
