/* Elementary functions of one number, in portable bits: those of errsurf/portable/elementary.py. */

const elementary = (() => {
  const f8 = new Float64Array(1);
  const i4 = new Int32Array(f8.buffer);
  const ROUND = 6755399441055744.0;
  const [HIGH, LOW] = [0x3fe6a09e, 0x667f3bcd];
  function growth(x, t) {
    const n = t - ROUND;
    const r = x - n * 0.69314718036912381649 - n * 1.90821492927058770002e-10;
    let p = r / 6227020800 + 1 / 479001600;
    p = ((p * r + 1 / 39916800) * r + 1 / 3628800) * r + 1 / 362880;
    p = ((p * r + 1 / 40320) * r + 1 / 5040) * r + 1 / 720;
    p = ((p * r + 1 / 120) * r + 1 / 24) * r + 1 / 6;
    return ((p * r + 0.5) * r + 1) * r;
  }
  function exp(x) {
    const t = x * 1.4426950408889634 + ROUND;
    const q = growth(x, t);
    f8[0] = t;
    const k = i4[0];
    f8[0] = q + 1;
    i4[1] += k << 20;
    return x < -708.3 ? 0 : x > 709.7 ? Infinity : f8[0];
  }
  function tanh(x) {
    const size = Math.min(Math.abs(x), 20);
    const n = (size + size) * 1.4426950408889634 + ROUND;
    const q = growth(size + size, n);
    const scaled = (p) => {
      f8[0] = n;
      const k = i4[0];
      f8[0] = p;
      i4[1] += k << 20;
      return f8[0];
    };
    const e = scaled(q) + (scaled(1) - 1);
    return x < 0 ? -(e / (e + 2)) : e / (e + 2);
  }
  function hypot(x, y) {
    const [a, b] = [Math.abs(x), Math.abs(y)];
    const size = a > b || a !== a ? a : b;
    const unit = size > 0 && size < Infinity ? size : 1;
    return Math.sqrt((a / unit) * (a / unit) + (b / unit) * (b / unit)) * unit;
  }
  function log(x) {
    f8[0] = x;
    const low = i4[0] >>> 0;
    const high = (i4[1] - HIGH - (low < LOW ? 1 : 0)) | 0;
    const down = ((low - LOW) >>> 0) + LOW;
    i4[0] = down;
    i4[1] = (high & 0xfffff) + HIGH + (down > 0xffffffff ? 1 : 0);
    const f = f8[0] - 1;
    const s = f / (2 + f);
    const z = s * s;
    let p = ((z * 2) / 23 + 2 / 21) * z + 2 / 19;
    p = ((p * z + 2 / 17) * z + 2 / 15) * z + 2 / 13;
    p = ((p * z + 2 / 11) * z + 2 / 9) * z + 2 / 7;
    p = ((p * z + 2 / 5) * z + 2 / 3) * z;
    const y = (high >> 20) * 0.6931471805599453 + (2 * s + s * p);
    return x > 0 ? (x < Infinity ? y : x) : x === 0 ? -Infinity : NaN;
  }
  function log1p(x) {
    const u = 1 + x;
    const lost = u < Infinity ? (x - (u - 1)) / u : 0;
    return log(u) + (u > 0 ? lost : 0);
  }
  function sine(x, quarter) {
    const t = x * 0.6366197723675814 + ROUND;
    const n = t - ROUND;
    const r = x - n * 1.57079632673412561417 - n * 6.0771005063039659766e-11 - n * 2.02226624879595063154e-21;
    f8[0] = t;
    const q = i4[0] + quarter;
    const z = r * r;
    let y = 0;
    if (q & 1) {
      let p = (1 / 20922789888000 - z / 6402373705728000) * z - 1 / 87178291200;
      p = ((p * z + 1 / 479001600) * z - 1 / 3628800) * z + 1 / 40320;
      y = 1 - 0.5 * z + z * z * ((p * z - 1 / 720) * z + 1 / 24);
    } else {
      let p = (z / 355687428096000 - 1 / 1307674368000) * z + 1 / 6227020800;
      p = ((p * z - 1 / 39916800) * z + 1 / 362880) * z - 1 / 5040;
      y = r + r * z * ((p * z + 1 / 120) * z - 1 / 6);
    }
    y = Math.abs(x) > 1e8 ? NaN : y;
    return q & 2 ? -y : y;
  }
  const sin = (x) => sine(x, 0);
  const cos = (x) => sine(x, 1);
  function power(x, y) {
    if (y !== Math.floor(y) || Math.abs(y) >= 2 ** 53) return y === 0.5 ? Math.sqrt(x) : exp(y * log(x));
    let found = 1;
    for (let left = Math.abs(y); left; left = Math.floor(left / 2)) {
      if (left % 2 === 1) found *= x;
      x *= x;
    }
    return y < 0 ? 1 / found : found;
  }

  return { exp, log, log1p, sin, cos, tanh, hypot, power };
})();
