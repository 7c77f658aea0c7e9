/* A formula of two parameters: read by the grammar of errsurf/surfaces/formulas/reading.py, and derived.  A formula is
   data: it becomes a graph of operations, which is evaluated or written as WebAssembly, and never text that is run. */

const FORMULA_LIMITS = { letters: 2000, nodes: 500, depth: 30, power: 16, derived: 5000, smallest: 1e-30, largest: 1e30 };
const FORMULA_CONSTANTS = { pi: Math.PI, e: Math.E };
const ONE_ARGUMENT = ["exp", "log", "sqrt", "sin", "cos", "tan", "arctan", "sinh", "cosh", "tanh", "erf", "abs", "sign"];
const FORMULA_TOKEN = /([ \t\r\n]+)|((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*)|(\*\*|[<>]=?|[-+*/^(),])|([^])/gy;

/* What is wrong with a formula, and where: `at` counts letters from 0. */
class FormulaFault extends Error {
  constructor(at, problem) {
    super(`column ${at + 1}: ${problem}`);
    Object.assign(this, { at, problem });
  }
}

function formulaTokens(text) {
  if (text.length > FORMULA_LIMITS.letters) throw new FormulaFault(0, `is ${text.length} letters long; allowed: up to ${FORMULA_LIMITS.letters}`);
  const found = [];
  for (const match of text.matchAll(FORMULA_TOKEN)) {
    const [, space, number, name, sign, strange] = match;
    if (strange) throw new FormulaFault(match.index, `\`${strange}\` is no part of a formula`);
    if (!space) found.push({ kind: number ? "number" : name ? "name" : "sign", text: number || name || sign, at: match.index });
  }
  return [...found, { kind: "end", text: "", at: text.length }];
}

/* Nodes of a graph are numbers: equal operations on equal nodes are one node, so that nothing is computed twice. */
function createGraph() {
  const nodes = [];
  const known = new Map();
  const make = (op, args, value = null) => {
    const key = `${op}:${args.join()}:${Object.is(value, -0) ? "-0" : value}`;
    if (!known.has(key)) known.set(key, nodes.push({ op, args, value }) - 1);
    return known.get(key);
  };
  const number = (value) => make("number", [], value);
  const valueOf = (node) => (nodes[node].op === "number" ? nodes[node].value : null);
  const folded = (op, args) => (args.every((arg) => valueOf(arg) !== null) ? number(OPERATIONS[op](...args.map(valueOf))) : make(op, args));
  const graph = {
    nodes, number, valueOf,
    name: (name) => make("name", [], name),
    add: (a, b) => (valueOf(a) === 0 ? b : valueOf(b) === 0 ? a : folded("add", [a, b])),
    negative: (a) => (nodes[a].op === "negative" ? nodes[a].args[0] : folded("negative", [a])),
    subtract: (a, b) => (a === b ? number(0) : valueOf(b) === 0 ? a : valueOf(a) === 0 ? graph.negative(b) : folded("subtract", [a, b])),
    multiply(a, b) {
      if (valueOf(a) === 0 || valueOf(b) === 0) return number(0);
      return valueOf(a) === 1 ? b : valueOf(b) === 1 ? a : folded("multiply", [a, b]);
    },
    divide: (a, b) => (valueOf(b) === 1 ? a : valueOf(a) === 0 ? number(0) : folded("divide", [a, b])),
    power(a, b) {
      const exponent = valueOf(b);
      if (exponent === 0) return number(1);
      if (exponent === 1) return a;
      if (exponent === 0.5) return graph.call("sqrt", a);
      if (!Number.isInteger(exponent) || Math.abs(exponent) > 16) return folded("power", [a, b]);
      if (exponent < 0) return graph.divide(number(1), graph.power(a, number(-exponent)));
      const half = graph.power(a, number(Math.floor(exponent / 2)));
      return exponent % 2 ? graph.multiply(graph.multiply(half, half), a) : graph.multiply(half, half);
    },
    call: (name, ...args) => folded(name, args),
    where: (above, a, b) => (a === b ? a : folded("where", [above, a, b])),
    inside: (condition, a) => make("inside", [condition, a]),
    rate: (a, b) => (valueOf(a) !== null ? graph.divide(a, b) : make("rate", [a, b])),
  };
  return graph;
}

/* Abramowitz and Stegun 7.1.5 near 0, and the continued fraction 7.1.14 beyond. */
function errorFunction(x) {
  const size = Math.abs(x);
  if (size < 2.5) {
    let [term, sum] = [size, size];
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= -size * size / n;
      sum += term / (2 * n + 1);
    }
    return Math.sign(x) * sum * 2 / Math.sqrt(Math.PI);
  }
  let fraction = size;
  for (let n = 60; n > 0; n--) fraction = size + n / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-size * size) / fraction / Math.sqrt(Math.PI));
}

const OPERATIONS = {
  add: (a, b) => a + b, subtract: (a, b) => a - b, multiply: (a, b) => a * b, divide: (a, b) => a / b,
  negative: (a) => -a, power: Math.pow, where: (above, a, b) => (above > 0 ? a : b),
  inside: (condition, a) => (condition >= 0 ? a : NaN), rate: (a, b) => (a ? a / b : 0 * b),
  min: Math.min, max: Math.max,
  exp: Math.exp, log: Math.log, sqrt: Math.sqrt, sin: Math.sin, cos: Math.cos, tan: Math.tan, arctan: Math.atan,
  sinh: Math.sinh, cosh: Math.cosh, tanh: Math.tanh, erf: errorFunction, abs: Math.abs, sign: Math.sign,
};

/* How many operations parts of a formula have, their first derivatives and their second, nothing simplified, and how high
   powers of powers are: see formulas/numbers.py of errsurf/surfaces. */
function createSizes(graph) {
  const [sizes, heights] = [new Map(), new Map()];
  const of = (node) => sizes.get(node) || { plain: 1, first: graph.nodes[node].op === "name" ? 1 : 0, second: 0 };
  const height = (node) => heights.get(node) || 1;
  const total = (values) => values.reduce((all, value) => all + value, 0);

  function grown(kind, parts) {
    const plain = 1 + total(parts.map((part) => part.plain));
    const moving = parts.filter((part) => part.first);
    if (!moving.length) return { plain, first: 0, second: 0 };
    if (kind === "sum") return { plain, first: total(moving.map((s) => s.first)), second: total(moving.map((s) => s.second)) };
    const first = total(moving.map((s) => plain - s.plain + s.first));
    const pairs = total(moving.flatMap((s) => moving.filter((t) => t !== s).map((t) => plain - s.plain - t.plain + s.first + t.first)));
    const second = pairs + total(moving.map((s) => plain - s.plain + s.second));
    if (kind === "*") return { plain, first, second };
    return { plain, first: first + plain + 4, second: first + plain + 4 + second + total(moving.map((s) => 2 * (plain + s.first) + 4)) };
  }

  return {
    of, height,
    add(node, kind, args) {
      if (!args.length) return;
      const parts = args.map((arg) => ({ ...of(arg) }));
      const made = kind === "/" ? grown("*", [parts[0], grown("call", [parts[1]])]) : grown(kind, parts);
      const exponent = kind === "power" ? graph.valueOf(args[1]) : null;
      const own = Number.isInteger(exponent) ? Math.max(Math.abs(exponent), 1) : 1;
      sizes.set(node, made);
      heights.set(node, own * Math.max(...args.map(height)));
    },
  };
}

/* Where a formula is defined: see formulas/domain.py of errsurf/surfaces.  A condition is a node that is at least 0 and,
   where it `divides`, the node that is not 0. */
function createConditions(graph) {
  let found = [];
  /* A node of which another one's value is a finite number only if that of the first is. */
  const holds = (node, wanted, seen = new Set()) => {
    if (node === wanted || seen.has(node)) return node === wanted;
    seen.add(node);
    const { op, args } = graph.nodes[node];
    return op !== "where" && op !== "sign" && args.some((arg) => holds(arg, wanted, seen));
  };
  return {
    log: (node, made) => found.push({ node, made }),
    divides: (node, made) => found.push({ node: graph.where(graph.call("abs", node), graph.number(1), graph.number(-1)), made, divides: true }),
    /* The conditions of what is read meanwhile, which are not those of the whole. */
    apart(read) {
      const outer = found;
      found = [];
      const [node, own] = [read(), found];
      found = outer;
      return { node, own };
    },
    taken: () => found,
    /* A node, NaN where it does not imply a condition and this fails; divisions are looked for in the loss. */
    defined(node, conditions, loss = node, always = false) {
      const needed = conditions.filter(({ node: each, made, divides }) => {
        if (graph.valueOf(each) !== null && graph.valueOf(each) >= 0) return false;
        return (always && !divides) || !holds(divides ? loss : node, made);
      });
      return [...new Set(needed.map((each) => each.node))].reduce((whole, each) => graph.inside(each, whole), node);
    },
  };
}

/* The node of a formula's value in a graph; `names` are those of its parameters.  Throws FormulaFault. */
function readFormula(graph, text, names = ["x", "y"], conditions = createConditions(graph)) {
  const tokens = formulaTokens(text);
  let [next, depth, parts] = [0, 0, 0];
  const here = () => tokens[next];
  const taken = (...signs) => (here().kind === "sign" && signs.includes(here().text) ? tokens[next++] : null);
  const sizes = createSizes(graph);
  /* A node made by a kind of operation of others, as the grammar knows them. */
  const counted = (node, kind = "", args = []) => {
    if (++parts > FORMULA_LIMITS.nodes) throw new FormulaFault(here().at, `has too many parts; allowed: up to ${FORMULA_LIMITS.nodes}`);
    const value = graph.valueOf(node);
    if (value === null) sizes.add(node, kind, args);
    else if (!Number.isFinite(value)) refuse(tokens[next - 1].at, "this part is not a finite number");
    else if (value && Math.abs(value) < FORMULA_LIMITS.smallest) refuse(tokens[next - 1].at, `the number ${value} is too small`);
    else if (Math.abs(value) > FORMULA_LIMITS.largest) refuse(tokens[next - 1].at, `the number ${value} is too large`);
    return node;
  };
  const refuse = (at, problem) => {
    throw new FormulaFault(at, problem);
  };

  function sum() {
    let node = product();
    for (let sign = taken("+", "-"); sign; sign = taken("+", "-")) {
      const part = product();
      node = counted(sign.text === "+" ? graph.add(node, part) : graph.subtract(node, part), "sum", [node, part]);
    }
    return node;
  }

  function product() {
    let node = signed();
    for (let sign = taken("*", "/"); sign; sign = taken("*", "/")) {
      const part = signed();
      if (sign.text === "/" && graph.valueOf(part) === 0) refuse(sign.at, "this part is not a finite number");
      const above = node;
      node = counted(sign.text === "*" ? graph.multiply(node, part) : graph.divide(node, part), sign.text, [node, part]);
      if (sign.text === "/" && graph.valueOf(part) === null) conditions.divides(part, graph.divide(above, part));
    }
    return node;
  }

  function signed() {
    if (++depth > FORMULA_LIMITS.depth) refuse(here().at, `is nested too deep; allowed: up to ${FORMULA_LIMITS.depth} brackets, signs and exponents`);
    const sign = taken("+", "-");
    const node = sign ? signed() : power();
    depth--;
    return sign && sign.text === "-" ? counted(graph.negative(node), "sum", [node]) : node;
  }

  function power() {
    const base = atom();
    const sign = taken("^", "**");
    if (!sign) return base;
    const exponent = signed();
    const node = counted(graph.power(base, exponent), "power", [base, exponent]);
    const whole = Number.isInteger(graph.valueOf(exponent));
    if (!whole && graph.valueOf(base) === null) conditions.log(base, graph.valueOf(exponent) === null ? null : node);
    else if (whole && graph.valueOf(exponent) < 0 && graph.valueOf(base) === null) conditions.divides(base, node);
    if (sizes.height(node) > FORMULA_LIMITS.power) refuse(sign.at, `this power is too high; allowed: whole powers up to ${FORMULA_LIMITS.power}, also when multiplied`);
    return node;
  }

  function atom() {
    const { kind, text: word, at } = tokens[next++];
    if (kind === "number") return counted(graph.number(Number(word)));
    if (kind === "name" && here().text === "(") return call(word, at);
    if (kind === "name" && Object.hasOwn(FORMULA_CONSTANTS, word)) return counted(graph.number(FORMULA_CONSTANTS[word]));
    if (kind === "name") return names.includes(word) ? counted(graph.name("xy"[names.indexOf(word)])) : unknown(word, at);
    if (word === "(") return closed(at, sum());
    return refuse(at, word ? `\`${word}\` where a number, a name or \`(\` is expected` : "ends where a number, a name or `(` is expected");
  }

  function unknown(word, at) {
    const isFunction = [...ONE_ARGUMENT, "min", "max", "where"].includes(word);
    return refuse(at, isFunction ? `the function \`${word}\` needs brackets: ${word}(...)` : `no name \`${word}\`; allowed: ${[...names, "pi", "e"].join(", ")}`);
  }

  function closed(opened, node) {
    if (here().kind === "end") refuse(opened, "this bracket is never closed");
    if (!taken(")")) refuse(here().at, `an operator is missing before \`${here().text}\``);
    return node;
  }

  function call(word, at) {
    next++;
    if (word === "where") return where(at);
    if (names.includes(word)) refuse(at, `\`${word}\` is not a function; write a product as ${word}*(...)`);
    if (!ONE_ARGUMENT.includes(word) && word !== "min" && word !== "max") {
      refuse(at, `no function \`${word}\`; allowed: ${[...ONE_ARGUMENT, "min", "max", "where"].join(", ")}`);
    }
    const args = here().text === ")" ? [] : [sum()];
    while (taken(",")) args.push(sum());
    closed(at + word.length, 0);
    if (!args.length || (ONE_ARGUMENT.includes(word) && args.length > 1)) refuse(at, `\`${word}\` takes ${word.startsWith("m") ? "at least one argument" : "one argument"}, not ${args.length}`);
    const first = ONE_ARGUMENT.includes(word) ? graph.call(word, args[0]) : args[0];
    if ((word === "log" || word === "sqrt") && graph.valueOf(args[0]) === null) conditions.log(args[0], first);
    return counted(args.slice(1).reduce((a, b) => graph.call(word, a, b), first), "call", args);
  }

  function where(at) {
    const apart = () => conditions.apart(sum);
    let left = apart().node;
    const sign = taken("<", "<=", ">", ">=") || refuse(here().at, "`where` begins with a comparison, as in where(x < 1, y, 0)");
    let right = apart().node;
    const values = [];
    while (taken(",")) {
      const { node, own } = apart();
      values.push(conditions.defined(node, own, node, true)); // so that derivatives are undefined where it is
    }
    closed(at + 5, 0);
    if (values.length !== 2) refuse(at, `\`where\` takes two values after its comparison, not ${values.length}`);
    if (sign.text === "<" || sign.text === ">=") [left, right] = [right, left];
    if (sign.text.length === 2) values.reverse();
    return counted(graph.where(graph.subtract(left, right), ...values), "call", [left, right, ...values]);
  }

  if (tokens.length === 1) refuse(0, "is empty");
  const node = sum();
  if (here().kind !== "end") refuse(here().at, here().kind === "sign" ? `\`${here().text}\` has no place here` : `an operator is missing before \`${here().text}\``);
  if (sizes.of(node).second > FORMULA_LIMITS.derived) refuse(0, "has derivatives that are too long: it nests or multiplies too many parts that hold x and y");
  return node;
}

/* The node of a node's derivative along "x" or "y". */
function derivative(graph, node, along, known = new Map()) {
  if (known.has(node)) return known.get(node);
  const { op, args, value } = graph.nodes[node];
  const { number, add, subtract, multiply, divide, negative, call, where, power, inside, rate } = graph;
  const [a, b, c] = args;
  const d = (of) => derivative(graph, of, along, known);
  const twoOverRootPi = 2 / Math.sqrt(Math.PI);
  const rules = {
    number: () => number(0),
    name: () => number(value === along ? 1 : 0),
    add: () => add(d(a), d(b)),
    subtract: () => subtract(d(a), d(b)),
    negative: () => negative(d(a)),
    multiply: () => (a === b ? multiply(multiply(number(2), a), d(a)) : add(multiply(d(a), b), multiply(a, d(b)))),
    divide: () => divide(subtract(d(a), multiply(node, d(b))), b),
    power: () => {
      const exponent = graph.valueOf(b);
      if (exponent > 0 && exponent < 1) return multiply(b, rate(d(a), power(a, number(1 - exponent))));
      if (exponent !== null) return multiply(multiply(b, power(a, number(exponent - 1))), d(a));
      return multiply(node, add(multiply(d(b), call("log", a)), divide(multiply(b, d(a)), a)));
    },
    where: () => where(a, d(b), d(c)),
    inside: () => inside(a, d(b)),
    rate: () => divide(subtract(d(a), multiply(node, d(b))), b),
    min: () => where(subtract(b, a), d(a), d(b)),
    max: () => where(subtract(a, b), d(a), d(b)),
    exp: () => multiply(node, d(a)),
    log: () => divide(d(a), a),
    sqrt: () => multiply(number(0.5), rate(d(a), node)),
    sin: () => multiply(call("cos", a), d(a)),
    cos: () => multiply(negative(call("sin", a)), d(a)),
    tan: () => multiply(add(number(1), multiply(node, node)), d(a)),
    arctan: () => divide(d(a), add(number(1), multiply(a, a))),
    sinh: () => multiply(call("cosh", a), d(a)),
    cosh: () => multiply(call("sinh", a), d(a)),
    tanh: () => multiply(subtract(number(1), multiply(node, node)), d(a)),
    erf: () => multiply(multiply(number(twoOverRootPi), call("exp", negative(multiply(a, a)))), d(a)),
    abs: () => multiply(call("sign", a), d(a)),
    sign: () => number(0),
  };
  known.set(node, rules[op]());
  return known.get(node);
}

/* Loss, gradient and Hessian of a formula: a graph, and nodes {loss: [f], gradient: [fx, fy], hessian: [fxx, fxy, fyy]}. */
function derivedFormula(text, names = ["x", "y"]) {
  const graph = createGraph();
  const conditions = createConditions(graph);
  const loss = readFormula(graph, text, names, conditions);
  const [x, y] = ["x", "y"].map((along) => derivative(graph, loss, along));
  if (!dependsOn(graph, loss)) throw new FormulaFault(0, "depends on neither of the two parameters");
  const hessian = [[x, "x"], [x, "y"], [y, "y"]].map(([node, along]) => derivative(graph, node, along));
  const defined = (nodes) => nodes.map((node) => conditions.defined(node, conditions.taken(), loss));
  return { graph, loss: defined([loss]), gradient: defined([x, y]), hessian: defined(hessian) };
}

/* What is wrong with a formula, {at, problem}, or null; nothing is derived for that. */
function formulaFault(text, names) {
  try {
    const graph = createGraph();
    const node = readFormula(graph, text, names);
    if (!dependsOn(graph, node)) throw new FormulaFault(0, "depends on neither of the two parameters");
    return null;
  } catch (error) {
    if (error instanceof FormulaFault) return error;
    throw error;
  }
}

function dependsOn(graph, node) {
  const { op, args } = graph.nodes[node];
  return op === "name" || args.some((arg) => dependsOn(graph, arg));
}

/* The values of some nodes at a place. */
function evaluated(graph, wanted, x, y) {
  const values = new Array(graph.nodes.length);
  const valueAt = (node) => {
    if (values[node] !== undefined) return values[node];
    const { op, args, value } = graph.nodes[node];
    values[node] = op === "number" ? value : op === "name" ? (value === "x" ? x : y) : OPERATIONS[op](...args.map(valueAt));
    return values[node];
  };
  return wanted.map(valueAt);
}
