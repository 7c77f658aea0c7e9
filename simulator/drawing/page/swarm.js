/* What moves on the map: every particle as a dot, and the trails of a few. */

/* Radii, half widths and strengths: the numbers of all other pictures, see style.py. */
const { style } = run;

/* Coverage of a disc by pixels, 0 to 256, at four by four places within a pixel, so that dots glide.  `near` has the
   covered pixels only, by how far their bytes are from the middle's in a picture of this width. */
function dotStamps(radius, strength, width) {
  const half = Math.ceil(radius) + 1;
  const side = 2 * half + 1;
  const stamps = [];
  for (let k = 0; k < 16; k++) {
    const [cx, cy] = [half + ((k & 3) + 0.5) / 4 - 0.5, half + ((k >> 2) + 0.5) / 4 - 0.5];
    const stamp = new Uint16Array(side * side);
    for (let i = 0; i < stamp.length; i++) {
      const away = Math.hypot((i % side) - cx, Math.floor(i / side) - cy);
      stamp[i] = Math.round(256 * strength * Math.min(1, Math.max(0, radius + 0.5 - away)));
    }
    stamps.push(stamp);
  }
  const near = stamps.map((stamp) => {
    const covered = [...stamp.keys()].filter((i) => stamp[i]);
    const away = (i) => 4 * ((Math.floor(i / side) - half) * width + (i % side) - half);
    return { covers: Uint16Array.from(covered, (i) => stamp[i]), places: Int32Array.from(covered, away) };
  });
  return { half, side, stamps, near };
}

/* Blend one stamp into a picture of bytes, its middle at the pixel place (u, v). */
function blendDot({ data, width, height }, { half, side, stamps, near }, u, v, red, green, blue) {
  const left = Math.floor(u);
  const top = Math.floor(v);
  const place = Math.floor(4 * (u - left)) + 4 * Math.floor(4 * (v - top));
  if (left >= half && top >= half && left < width - half && top < height - half) {
    const { covers, places } = near[place];
    const middle = 4 * (top * width + left);
    for (let i = 0; i < covers.length; i++) {
      const at = middle + places[i];
      const cover = covers[i];
      data[at] += ((red - data[at]) * cover) >> 8;
      data[at + 1] += ((green - data[at + 1]) * cover) >> 8;
      data[at + 2] += ((blue - data[at + 2]) * cover) >> 8;
    }
    return;
  }
  const stamp = stamps[place];
  const [first, last] = [Math.max(half - left, 0), Math.min(side, width - left + half)];
  for (let j = Math.max(half - top, 0); j < Math.min(side, height - top + half); j++) {
    let at = 4 * ((top + j - half) * width + left + first - half);
    for (let i = first; i < last; i++, at += 4) {
      const cover = stamp[j * side + i];
      if (!cover) continue;
      data[at] += ((red - data[at]) * cover) >> 8;
      data[at + 1] += ((green - data[at + 1]) * cover) >> 8;
      data[at + 2] += ((blue - data[at + 2]) * cover) >> 8;
    }
  }
}

/* Groups alternate, and another one comes first at each particle, so that no group lies on top of the others; where
   there are few dots, all have rims. */
function drawDots(picture, view, groups, clock, unit, look) {
  const shown = groups.filter((group) => group.on);
  if (!shown.length) return;
  const rgb = (text) => [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16));
  const colours = shown.map((group) => rgb(look.groups[group.k]));
  if (shown[0].particles <= style.rimmed) {
    blendDots(picture, view, shown, clock, dotStamps((style.dot + style.dot_rim) * unit, style.dot_strength, picture.width), shown.map(() => rgb(look.halo)));
  }
  blendDots(picture, view, shown, clock, dotStamps(style.dot * unit, style.dot_strength, picture.width), colours);
}

/* Where many of a group are in one place, a dot is the larger, the more they are: {at, share, group}. */
function crowds(area, view, group, clock, unit) {
  const [side, frame, cells] = [2 * style.near * unit, latest(group.clock, clock), new Map()];
  const every = Math.ceil(group.shown / 500);
  for (let p = 0; p < group.shown; p += every) {
    const theta = group.theta(frame, p);
    if (!theta) continue;
    const [u, v] = pixelOf(area, view, theta);
    const key = `${Math.floor((u - area.left) / side)},${Math.floor((v - area.top) / side)}`;
    const [count, x, y] = cells.get(key) || [0, 0, 0];
    cells.set(key, [count + 1, x + u, y + v]);
  }
  return [...cells.values()].filter(([count]) => every * count >= Math.max(style.few, style.crowd * group.shown))
    .map(([count, x, y]) => ({ at: [x / count, y / count], share: every * count / group.shown, group }));
}

function drawCrowds(pen, area, view, groups, clock, unit, look) {
  const found = groups.filter((group) => group.on && group.particles > style.few)
    .flatMap((group) => crowds(area, view, group, clock, unit)).sort((a, b) => b.share - a.share);
  for (const { at, share, group } of found) {
    const radius = (style.dot + style.head_growth * Math.sqrt(share)) * unit;
    for (const [rim, colour] of [[style.dot_rim * unit, look.halo], [0, look.groups[group.k]]]) {
      pen.fillStyle = colour;
      pen.beginPath();
      pen.arc(...at, radius + rim, 0, 2 * Math.PI);
      pen.fill();
    }
  }
}

function blendDots(picture, view, shown, clock, stamps, colours) {
  const bases = shown.map((group) => latest(group.clock, clock) * 2 * group.shown);
  const sx = picture.width / (view.x1 - view.x0);
  const sy = picture.height / (view.y1 - view.y0);
  for (let p = 0; p < shown[0].shown; p++) {
    for (let k = 0; k < shown.length; k++) {
      const g = (p + k) % shown.length;
      const { codes, shown: count, step } = shown[g];
      const code = codes[bases[g] + p];
      if (!code) continue;
      const u = (run.places.low[0] + (code - 1) * step[0] - view.x0) * sx;
      const v = (view.y1 - run.places.low[1] - (codes[bases[g] + count + p] - 1) * step[1]) * sy;
      if (u > -stamps.half && v > -stamps.half && u < picture.width + stamps.half && v < picture.height + stamps.half) {
        blendDot(picture, stamps, u, v, colours[g][0], colours[g][1], colours[g][2]);
      }
    }
  }
}

/* Strength in which a trail's oldest part stays: less for one that scribbles over the map. */
function oldestPart(points) {
  let [length, before] = [0, null];
  for (const now of points) {
    if (now && before) length += Math.hypot((now[0] - before[0]) / (full.x1 - full.x0), (now[1] - before[1]) / (full.y1 - full.y0) / run.aspect);
    before = now;
  }
  return Math.min(Math.max((1.4 * style.trail_oldest) / Math.max(length, 0.001), style.trail_scribbled), style.trail_oldest);
}

/* Strength of a trail's part by its age in clock values: it pales in steps, and fades out at its reach. */
function trailStrength(age, oldest) {
  const steps = (part) => Math.ceil(style.steps * part) / style.steps;
  const recent = steps(Math.exp(-age / (style.fade * recording.clock.end)) - 0.1 / style.steps);
  const left = run.reach < 1 ? steps(Math.min(1, Math.max(0, 3 * (1 - age / (run.reach * recording.clock.end))))) : 1;
  return left * (oldest + (1 - oldest) * recent);
}

/* A trail up to the frame at a clock value, where its particle is at `head`: places in pixels, and clock values. */
function trailUntil(group, t, area, view, clock) {
  const { clock: along, points } = group.trails[t];
  const frame = latest(group.clock, clock);
  const end = evened(group.clock[frame]);
  const rows = along[0] <= end ? latest(along, end) + 1 : 0;
  const pixels = points.slice(0, rows).map((theta) => theta && pixelOf(area, view, theta));
  const head = group.theta(frame, recording.trails[t]);
  return [[...pixels, head && pixelOf(area, view, head)], [...along.subarray(0, rows), end]];
}

/* A trail as pieces of equal strength: [strength, points], newest last. */
function trailPieces(group, t, area, view, clock) {
  group.oldest ??= group.trails.map(({ points }) => oldestPart(points));
  const [places, along] = trailUntil(group, t, area, view, clock);
  const now = evened(clock);
  const first = run.reach < 1 ? along.findIndex((value) => value >= now - run.reach * recording.clock.end) : 0;
  const pieces = [];
  let before = null;
  for (let row = first; row < places.length; row++) {
    const place = places[row];
    const level = trailStrength(now - along[row], group.oldest[t]);
    if (place && before) {
      const piece = pieces.at(-1);
      if (piece && piece[0] === level && piece[1].at(-1) === before) piece[1].push(place);
      else pieces.push([level, [before, place]]);
    }
    before = place;
  }
  return pieces;
}

function drawTrails(pen, area, view, groups, clock, unit, look) {
  pen.lineJoin = "round";
  pen.lineCap = "butt";
  for (const [rim, edge] of [[style.trail_rim, true], [0, false]]) {
    pen.lineWidth = 2 * (style.trail + rim) * unit;
    for (const group of groups.filter(({ on }) => on)) {
      pen.strokeStyle = edge ? look.halo : look.groups[group.k];
      for (let t = 0; t < recording.trails.length; t++) {
        for (const [strength, points] of trailPieces(group, t, area, view, clock)) {
          pen.globalAlpha = edge ? 0.75 * strength : strength;
          pen.beginPath();
          for (const [u, v] of points) pen.lineTo(u, v);
          pen.stroke();
        }
      }
    }
  }
  pen.globalAlpha = 1;
  if (recording.steps) drawSteps(pen, area, view, groups, clock, unit, look);
}

/* A dot at every update of paths that have few. */
function drawSteps(pen, area, view, groups, clock, unit, look) {
  for (const group of groups.filter(({ on }) => on)) {
    pen.fillStyle = look.groups[group.k];
    for (let t = 0; t < recording.trails.length; t++) {
      for (const place of trailUntil(group, t, area, view, clock)[0].filter(Boolean)) {
        pen.beginPath();
        pen.arc(...place, style.step * unit, 0, 2 * Math.PI);
        pen.fill();
      }
    }
  }
}

/* The particles that drew the trails, larger where more of their group is: thousands in one place are one dot, and
   groups in one place are rings.  Small ones lie on large ones; of the same size, groups alternate. */
function drawHeads(pen, area, view, groups, clock, unit, look) {
  const shown = groups.filter(({ on }) => on);
  const heads = recording.trails.flatMap((p, t) => shown.map((_, k) => {
    const group = shown[(k + t) % shown.length];
    const theta = group.theta(latest(group.clock, clock), p);
    return theta && { group, p, at: pixelOf(area, view, theta), radius: headRadius(group, clock, theta, area, view) };
  })).filter(Boolean);
  const ring = Math.min(style.head_ring, (4 * style.head_ring) / Math.max(shown.length - 1, 1));
  for (const head of [...heads].sort((a, b) => b.group.k - a.group.k)) {
    for (const { group, p, at, radius } of heads) {
      const near = [0, 1].every((axis) => Math.abs(at[axis] - head.at[axis]) < style.near * unit);
      if (p === head.p && group.k > head.group.k && near) head.radius = Math.max(head.radius, radius + ring);
    }
  }
  heads.sort((a, b) => b.radius - a.radius);
  for (const [rim, edge] of [[style.head_rim, true], [0, false]]) {
    for (const { group, at, radius } of heads) {
      pen.fillStyle = edge ? look.halo : look.groups[group.k];
      fillShape(pen, group, ...at, (radius + rim) * unit);
    }
  }
}

function headRadius(group, clock, theta, area, view) {
  if (group.particles <= style.few) return style.head;
  const frame = latest(group.clock, clock);
  const every = Math.ceil(group.shown / 500);
  const reach = [style.near * (view.x1 - view.x0) / area.width, style.near * (view.y1 - view.y0) / area.height];
  let [near, asked] = [0, 0];
  for (let p = 0; p < group.shown; p += every) {
    const other = group.theta(frame, p);
    asked += 1;
    near += Boolean(other && Math.abs(other[0] - theta[0]) < reach[0] && Math.abs(other[1] - theta[1]) < reach[1]);
  }
  return style.head + style.head_growth * Math.round(10 * near / asked) / 10;
}

/* A group's shape, as large as a disc of this radius. */
function fillShape(pen, { corners }, u, v, radius) {
  pen.beginPath();
  if (!corners.length) pen.arc(u, v, radius, 0, 2 * Math.PI);
  for (const [x, y] of corners) pen.lineTo(u + radius * x, v + radius * y);
  pen.fill();
}

/* Radius of the hole of a mark, as a share of the mark's. */
const HOLLOW = 0.42;

function shapePath(shape, u, v, radius) {
  const [distances, turn] = run.shapes[shape % run.shapes.length];
  const path = new Path2D();
  distances.forEach((distance, k) => {
    const angle = (2 * Math.PI * (k + turn)) / distances.length;
    path.lineTo(u + radius * distance * Math.sin(angle), v - radius * distance * Math.cos(angle));
  });
  path.closePath();
  return path;
}

/* Hollow shapes where the particles with trails were at chosen updates, in their group's colour mixed with ink. */
function drawMarkers(pen, area, view, groups, clock, unit, look) {
  for (const marker of recording.markers) {
    if (marker.clock > clock || !groups[marker.group].on) continue;
    for (const point of marker.points) {
      const at = pixelOf(area, view, point);
      const path = shapePath(marker.shape, ...at, style.marker * unit);
      pen.fillStyle = look.halo;
      pen.fill(shapePath(marker.shape, ...at, style.marker_rim * unit));
      for (const [colour, strength] of [[look.groups[marker.group], 1], [look.ink, 0.5]]) {
        pen.globalAlpha = strength;
        pen.fillStyle = colour;
        pen.fill(path);
      }
      pen.globalAlpha = 1;
      pen.fillStyle = look.halo;
      pen.fill(shapePath(marker.shape, ...at, HOLLOW * style.marker * unit));
    }
  }
}

/* The particle nearest to a pixel, within a dozen pixels: {group, p, theta}, or null. */
function nearestParticle(area, view, groups, clock, [u, v]) {
  let best = null;
  let least = 144;
  for (const group of groups) {
    if (!group.on) continue;
    const frame = latest(group.clock, clock);
    for (let p = 0; p < group.shown; p++) {
      const theta = group.theta(frame, p);
      if (!theta) continue;
      const [a, b] = pixelOf(area, view, theta);
      const distance = (a - u) ** 2 + (b - v) ** 2;
      if (distance < least) [best, least] = [{ group, p, theta }, distance];
    }
  }
  return best;
}

/* Pixels that particles visit at some time, a few thousand. */
function visitedPixels(area, view, groups) {
  const found = [];
  for (const group of groups) {
    const frames = group.clock.length;
    const every = Math.ceil(group.shown / 60);
    for (let f = 0; f < frames; f += Math.ceil(frames / 10)) {
      for (let p = 0; p < group.shown; p += every) {
        const theta = group.theta(f, p);
        if (theta) found.push(pixelOf(area, view, theta));
      }
    }
  }
  return found;
}
