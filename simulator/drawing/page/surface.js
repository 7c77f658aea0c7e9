/* The map of the training loss, drawn anew for every zoom, so that contours stay sharp. */

/* Weights of four neighbouring nodes for a place between the middle two (Catmull and Rom 1974). */
function cubicWeights(t) {
  return [
    ((2 - t) * t - 1) * t / 2,
    ((3 * t - 5) * t * t + 2) / 2,
    ((4 - 3 * t) * t + 1) * t / 2,
    (t - 1) * t * t / 2,
  ];
}

/* For places from `low` to `high`, `count` pixels: their four grid nodes and weights, eight numbers a pixel. */
function nodesAcross(low, high, count, first, last, nodes) {
  const found = new Float32Array(8 * count);
  for (let i = 0; i < count; i++) {
    const place = low + ((i + 0.5) / count) * (high - low);
    const at = Math.min(Math.max(((place - first) / (last - first)) * (nodes - 1), 0), nodes - 1);
    const left = Math.min(Math.floor(at), nodes - 2);
    const weights = cubicWeights(at - left);
    for (let j = 0; j < 4; j++) {
      found[8 * i + j] = Math.min(Math.max(left - 1 + j, 0), nodes - 1);
      found[8 * i + 4 + j] = weights[j];
    }
  }
  return found;
}

/* The training loss at one place of the map. */
function lossAt(grid, x, y) {
  const { columns, rows } = run.grid;
  const [[x0, x1], [y0, y1]] = run.window;
  const across = nodesAcross(x, x, 1, x0, x1, columns);
  const down = nodesAcross(y, y, 1, y0, y1, rows);
  let sum = run.grid.base;
  for (let j = 0; j < 4; j++) {
    for (let i = 0; i < 4; i++) sum += down[4 + j] * across[4 + i] * grid[down[j] * columns + across[i]];
  }
  return sum;
}

/* Which contour band each pixel lies in, as a number between levels, shape (height, width). */
function bandPlaces(grid, view, width, height) {
  const { columns, rows, levels } = run.grid;
  const [[x0, x1], [y0, y1]] = run.window;
  const across = nodesAcross(view.x0, view.x1, width, x0, x1, columns);
  const down = nodesAcross(view.y1, view.y0, height, y0, y1, rows);
  const line = new grid.constructor(columns);
  const bands = new Float32Array(width * height);
  const last = levels.length - 2;
  let k = 0;
  for (let y = 0; y < height; y++) {
    const [r0, r1, r2, r3, v0, v1, v2, v3] = down.subarray(8 * y, 8 * y + 8);
    for (let c = 0; c < columns; c++) {
      line[c] = v0 * grid[r0 * columns + c] + v1 * grid[r1 * columns + c]
        + v2 * grid[r2 * columns + c] + v3 * grid[r3 * columns + c];
    }
    for (let x = 0, at = 0; x < width; x++, at += 8) {
      const loss = across[at + 4] * line[across[at]] + across[at + 5] * line[across[at + 1]]
        + across[at + 6] * line[across[at + 2]] + across[at + 7] * line[across[at + 3]];
      while (k < last && loss >= levels[k + 1]) k++;
      while (k > 0 && loss < levels[k]) k--;
      bands[y * width + x] = k + Math.min(Math.max((loss - levels[k]) / (levels[k + 1] - levels[k]), 0), 1);
    }
  }
  return bands;
}

/* The tone of each pixel by the light that falls on it, shape (height, width). */
function tonePlaces(light, view, width, height, tones) {
  const { columns, rows } = run.grid;
  const [[x0, x1], [y0, y1]] = run.window;
  const across = nodesAcross(view.x0, view.x1, width, x0, x1, columns);
  const down = nodesAcross(view.y1, view.y0, height, y0, y1, rows);
  const places = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const [, r0, r1, , , v0, v1] = down.subarray(8 * y, 8 * y + 7);
    for (let x = 0, at = 0; x < width; x++, at += 8) {
      const [c0, c1, u0, u1] = [across[at + 1], across[at + 2], across[at + 5], across[at + 6]];
      const lit = v0 * (u0 * light[r0 * columns + c0] + u1 * light[r0 * columns + c1])
        + v1 * (u0 * light[r1 * columns + c0] + u1 * light[r1 * columns + c1]);
      places[y * width + x] = Math.min(Math.max(Math.floor(lit / ((u0 + u1) * (v0 + v1)) / 256 * tones), 0), tones - 1);
    }
  }
  return places;
}

/* Filled bands and the lines between them; lines pale where they crowd. */
function surfacePicture(grid, light, view, width, height, look) {
  const bands = bandPlaces(grid, view, width, height);
  const tones = tonePlaces(light, view, width, height, look.fills[0].length);
  const picture = new ImageData(width, height);
  const pixels = new Uint32Array(picture.data.buffer);
  const last = look.fills.length - 1;
  const half = look.lineWidth / 2;
  const count = look.fills[0].length;
  const [fills, lines] = [look.fills, look.lines].map((colours) => Uint8Array.from(colours.flat(2)));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const band = bands[at];
      const across = band - bands[x ? at - 1 : at + 1];
      const down = band - bands[y ? at - width : at + width];
      const slope = Math.sqrt(across * across + down * down);
      const level = Math.round(band);
      let cover = 0;
      if (level > 0 && level <= last && slope > 0) {
        const apart = 1 / slope;
        cover = Math.min(1, Math.max(0, half + 0.5 - Math.abs(band - level) * apart)) * Math.min(1, Math.max(0, (apart - 2) / 4));
      }
      const k = Math.min(Math.floor(band), last);
      const tone = 3 * (k * count + tones[at]);
      const red = fills[tone] + (lines[tone] - fills[tone]) * cover;
      const green = fills[tone + 1] + (lines[tone + 1] - fills[tone + 1]) * cover;
      const blue = fills[tone + 2] + (lines[tone + 2] - fills[tone + 2]) * cover;
      pixels[at] = (255 << 24) | (blue << 16) | (green << 8) | red;
    }
  }
  return picture;
}
