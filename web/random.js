/* Random numbers: those of errsurf/sampling/philox.py, and NumPy's own for intervals. */

Object.assign(
  np,
  (() => {
    const { Nd, made } = np;
    const { product } = np.own;
    const { log1p, cos } = elementary;

    const high = (a, b) => {
      const al = a & 0xffff;
      const ah = a >>> 16;
      const bl = b & 0xffff;
      const bh = b >>> 16;
      const middle = ah * bl + ((al * bl) >>> 16);
      return ah * bh + (middle >>> 16) + ((al * bh + (middle & 0xffff)) >>> 16);
    };
    const low = (a, b) => Math.imul(a, b) >>> 0;
    /* NumPy's default generator of a seed, PCG64: O'Neill 2014; whole numbers as in Lemire 2019, arXiv:1805.10941. */
    class Generator {
      constructor(start) {
        const words = (number) => [0, 32, 64, 96].map((by) => Number((BigInt(number) >> BigInt(by)) & 0xffffffffn));
        [[this.s0, this.s1, this.s2, this.s3], this.increment] = start.map(words);
        this.spare = null;
      }
      word() {
        if (this.spare !== null) {
          const word = this.spare;
          this.spare = null;
          return word;
        }
        /* The next state: the last one times a constant, plus the increment, 128 bits in four words. */
        const { s0, s1, s2, s3, increment } = this;
        const [m0, m1, m2, m3] = [0x9fccf645, 0x4385df64, 0x1fc65da4, 0x2360ed05];
        const c0 = low(s0, m0) + increment[0];
        let c1 = high(s0, m0) + low(s0, m1) + low(s1, m0) + increment[1];
        let c2 = high(s0, m1) + high(s1, m0) + low(s0, m2) + low(s1, m1) + low(s2, m0) + increment[2];
        let c3 = high(s0, m2) + high(s1, m1) + high(s2, m0) + low(s0, m3) + low(s1, m2) + low(s2, m1) + low(s3, m0);
        c1 += c0 > 0xffffffff ? 1 : 0;
        c2 += Math.floor(c1 / 4294967296);
        c3 += increment[3] + Math.floor(c2 / 4294967296);
        [this.s0, this.s1, this.s2, this.s3] = [c0 >>> 0, c1 >>> 0, c2 >>> 0, c3 >>> 0];
        const [x, y] = [this.s0 ^ this.s2, this.s1 ^ this.s3];
        const turn = (this.s3 >>> 26) & 31;
        const [a, b] = this.s3 >>> 31 ? [y, x] : [x, y];
        this.spare = (turn ? (b >>> turn) | (a << (32 - turn)) : b) >>> 0;
        return (turn ? (a >>> turn) | (b << (32 - turn)) : a) >>> 0;
      }
      integers(begin, end, size) {
        const count = end - begin;
        const data = new Float64Array(size);
        const least = 4294967296 % count;
        for (let k = 0; k < size; k++) {
          let word = this.word();
          while (low(word, count) < least) word = this.word();
          data[k] = begin + high(word, count);
        }
        return new Nd(data, [size]);
      }
    }
    class Draw {
      constructor(seed, stream) {
        const number = BigInt(seed);
        this.key = [Number(number & 0xffffffffn), Number((number >> 32n) & 0xffffffffn)];
        this.stream = stream;
        this.used = 0;
      }
      fill(data) {
        const [first, second] = this.key;
        for (let k = 0; k < data.length; k++, this.used++) {
          let c0 = this.used >>> 0;
          let c1 = 0;
          let c2 = Math.floor(this.used / 4294967296);
          let c3 = this.stream;
          let k0 = first;
          let k1 = second;
          for (let round = 0; round < 10; round++) {
            const h0 = high(c0, 0xd2511f53);
            const h1 = high(c2, 0xcd9e8d57);
            const l0 = Math.imul(c0, 0xd2511f53);
            c0 = h1 ^ c1 ^ k0;
            c1 = Math.imul(c2, 0xcd9e8d57);
            c2 = h0 ^ c3 ^ k1;
            c3 = l0;
            k0 = (k0 + 0x9e3779b9) | 0;
            k1 = (k1 + 0xbb67ae85) | 0;
          }
          data[k] = ((c0 >>> 0) * 2097152 + (c1 & 0x1fffff)) * 2 ** -53;
        }
        return data;
      }
      uniform(...shape) {
        return made(this.fill(new Float64Array(product(shape))), shape);
      }
      normal(...shape) {
        const pairs = this.fill(new Float64Array(2 * product(shape)));
        const data = new Float64Array(product(shape));
        for (let k = 0; k < data.length; k++)
          data[k] = Math.sqrt(-2 * log1p(-pairs[2 * k])) * cos(2 * Math.PI * pairs[2 * k + 1]);
        return made(data, shape);
      }
    }

    return { Draw, Generator };
  })(),
);
