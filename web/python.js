/* Python's own functions. */

Object.assign(
  np,
  (() => {
    const { add, truth } = np;

    const iter = (x) => (typeof x[Symbol.iterator] === "function" ? x : Object.values(x));
    const smallest =
      (better) =>
      (...given) => {
        const list = given.length === 1 ? [...iter(given[0])] : given;
        return list.reduce((best, v) => (better(v, best) ? v : best));
      };
    const python = {
      iter,
      truth,
      len: (x) => x.length ?? Object.keys(x).length,
      list: (x) => [...iter(x)],
      range: (a, b, step = 1) =>
        b === undefined
          ? [...Array(Math.max(0, a)).keys()]
          : Array.from({ length: Math.max(0, Math.ceil((b - a) / step)) }, (_, k) => a + k * step),
      zip: (...lists) => {
        const all = lists.map((list) => [...iter(list)]);
        return Array.from({ length: Math.min(...all.map((list) => list.length)) }, (_, k) =>
          all.map((list) => list[k]),
        );
      },
      enumerate: (x, begin = 0) => [...iter(x)].map((v, k) => [k + begin, v]),
      pairwise: (x) => [...iter(x)].slice(1).map((v, k) => [[...iter(x)][k], v]),
      reversed: (x) => [...iter(x)].reverse(),
      sorted: (x) => [...iter(x)].sort((a, b) => a - b),
      map: (f, ...lists) => python.zip(...lists).map((row) => f(...row)),
      pymin: smallest((a, b) => a < b),
      pymax: smallest((a, b) => a > b),
      next: (x, otherwise) => {
        for (const v of iter(x)) return v;
        return otherwise;
      },
      each: (x, f) => Array.from(iter(x), f),
      lazy: function* lazy(x, f) {
        for (const v of iter(x)) yield f(v);
      },
      kept: function* kept(x, f) {
        for (const v of iter(x)) if (truth(f(v))) yield v;
      },
      flat: function* flat(x) {
        for (const v of iter(x)) yield* v;
      },
      record: (names, values) => Object.fromEntries(names.map((name, k) => [name, values[k]])),
      pysum: (x) => [...iter(x)].reduce((a, b) => add(a, b), 0),
      pyany: (x) => [...iter(x)].some(truth),
      pyall: (x) => [...iter(x)].every(truth),
      pyround: (x) => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x)),
      int: (x) => Math.trunc(Number(x)),
      float: Number,
      bool: truth,
      has: (x, v) => (typeof x === "string" ? x.includes(v) : [...iter(x)].includes(v)),
      either: (a, b) => (truth(a) ? a : b()),
      both: (a, b) => (truth(a) ? b() : a),
    };

    return python;
  })(),
);
