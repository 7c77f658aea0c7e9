/* The chart beside the map.  Over the clock: one curve a group up to now.  Over other numbers: the path of each group
   up to now, or one point a group and a line through the best of them. */

const LINE = 17;

/* The box of the curves: beside it stand the numbers and the names of the curves, below it numbers and a name. */
function chartArea(pen, chart, groups, width, height, look) {
  pen.font = look.font;
  const widest = (texts) => Math.max(0, ...texts.map((text) => pen.measureText(text).width));
  const left = widest(chart.marks.map(([, text]) => text)) + 9;
  const last = chart.below.length && chart.below.at(-1)[0] === 1 ? widest([chart.below.at(-1)[1]]) / 2 : 0;
  const names = endsNamed(chart, groups) ? groups.map(({ label }) => widest([label])).filter((one) => one < 0.36 * width) : [];
  const right = Math.max(6, last, 2 * names.length > groups.length ? Math.max(...names) + NAME_GAP : 0);
  const bottom = 28 + (ownLine(chart) ? LINE : 0);
  return { left, top: 9, width: width - left - right, height: height - 9 - bottom, right: width };
}

const NAME_GAP = 14;

function endsNamed(chart, groups) {
  return !chart.own && groups.length > 1;
}

/* Whether the name of the x axis stands below its numbers, and not between the two ends. */
function ownLine(chart) {
  return chart.below.length !== 2 || chart.below[0][0] !== 0 || chart.below[1][0] !== 1;
}

/* Rising places moved apart by at least `each`, as little as that takes, within `low` and `high`. */
function spread(places, each, low, high) {
  const first = (part) => {
    const begin = part.reduce((sum, place) => sum + place, 0) / part.length - (each * (part.length - 1)) / 2;
    return Math.max(Math.min(begin, high - each * (part.length - 1)), low);
  };
  const parts = [];
  for (const place of places) {
    parts.push([place]);
    while (parts.length > 1 && first(parts.at(-1)) < first(parts.at(-2)) + each * parts.at(-2).length) {
      const last = parts.pop();
      parts.at(-1).push(...last);
    }
  }
  return parts.flatMap((part) => part.map((_, k) => first(part) + each * k));
}

/* As much of a name as has room, at least four letters of it; empty for less. */
function shortName(pen, name, room) {
  if (pen.measureText(name).width <= room) return name;
  let letters = name.length - 1;
  while (letters >= 4 && pen.measureText(`${name.slice(0, letters)}\u2026`).width > room) letters--;
  return letters < 4 ? "" : `${name.slice(0, letters).trimEnd()}\u2026`;
}

/* The names of the curves beside their ends. */
function drawCurveNames(pen, area, chart, groups, look) {
  if (!endsNamed(chart, groups)) return;
  const ends = groups.filter(({ on }) => on).flatMap((group) => {
    const heights = series(chart, group, "line").map(([, height]) => height).filter(Number.isFinite);
    const [, v] = chartPoint(area, 1, heights.at(-1));
    const name = shortName(pen, group.label, area.right - area.left - area.width + 1 - NAME_GAP);
    return name && heights.at(-1) >= 0 && heights.at(-1) <= 1 ? [[v, group, name]] : [];
  });
  const each = 0.85 * LINE;
  const shown = ends.slice(0, Math.floor(area.height / each) + 1).sort((a, b) => a[0] - b[0]);
  const places = spread(shown.map(([v]) => v), each, area.top, area.top + area.height);
  pen.textBaseline = "middle";
  pen.textAlign = "left";
  pen.lineWidth = 0.8;
  const edge = area.left + area.width;
  shown.forEach(([v, group, name], k) => {
    pen.fillStyle = pen.strokeStyle = look.groups[group.k];
    pen.fillText(name, edge + NAME_GAP, places[k]);
    pen.beginPath();
    pen.moveTo(edge + 0.3 * NAME_GAP, v);
    pen.lineTo(edge + 0.85 * NAME_GAP, places[k]);
    pen.stroke();
  });
}

function chartPoint(area, at, height) {
  return [area.left + at * area.width, area.top + (1 - Math.min(Math.max(height, -0.5), 1.5)) * area.height];
}

/* One row of a group's curve: place along the width, heights of line, band and dashed line. */
function curveAt(chart, group, frame) {
  const row = group.curves[recording.charts.indexOf(chart)].subarray(frame * run.curve.length, (frame + 1) * run.curve.length);
  const found = Object.fromEntries(run.curve.map((name, column) => [name, row[column]]));
  return chart.own ? found : { ...found, at: alongChart(group.clock[frame]) };
}

function series(chart, group, column, frames = group.clock.length) {
  return Array.from({ length: frames }, (_, frame) => {
    const row = curveAt(chart, group, frame);
    return [row.at, row[column]];
  });
}

/* The steps of a series: level until the next record; or straight lines. */
function steps(path, area, points, { backwards = false, straight = false } = {}) {
  const corners = [];
  points.forEach(([at, height], k) => {
    if (!Number.isFinite(height)) return;
    corners.push(chartPoint(area, at, height));
    if (!straight) corners.push(chartPoint(area, k + 1 < points.length ? points[k + 1][0] : Math.max(at, 1), height));
  });
  for (const [u, v] of backwards ? corners.reverse() : corners) path.lineTo(u, v);
}

/* All that does not depend on the clock: bands, curves and dashed curves. */
function chartPaths(area, chart, groups) {
  return groups.map((group) => {
    const paths = { line: new Path2D(), band: new Path2D(), dashed: new Path2D() };
    steps(paths.line, area, series(chart, group, "line"));
    steps(paths.band, area, series(chart, group, "low"));
    steps(paths.band, area, series(chart, group, "high"), { backwards: true });
    steps(paths.dashed, area, series(chart, group, "dashed"));
    return paths;
  });
}

function drawCurves(pen, groups, paths, look) {
  groups.forEach((group, k) => {
    if (!group.on) return;
    pen.strokeStyle = pen.fillStyle = look.groups[group.k];
    pen.lineJoin = "round";
    pen.globalAlpha = style.curve_band / 255;
    pen.fill(paths[k].band);
    pen.globalAlpha = 1;
    pen.lineWidth = 2 * style.curve_dashed;
    pen.setLineDash([style.dash, style.dash_gap]);
    pen.stroke(paths[k].dashed);
    pen.setLineDash([]);
    pen.lineWidth = 2 * style.curve;
    pen.stroke(paths[k].line);
  });
  pen.globalAlpha = 1;
}

function drawChartAxes(pen, area, chart, look) {
  pen.font = look.font;
  pen.textBaseline = "middle";
  pen.textAlign = "right";
  const every = Math.ceil((chart.marks.length * 26) / area.height);
  chart.marks.forEach(([height, text], k) => {
    if (k % every) return;
    const [, v] = chartPoint(area, 0, height);
    pen.fillStyle = look.pale;
    pen.fillRect(area.left, Math.round(v), area.width, 1);
    pen.fillStyle = look.quiet;
    pen.fillText(text, area.left - 6, v);
  });
  pen.fillStyle = look.quiet;
  pen.fillRect(area.left - 1, area.top, 1, area.height + 1);
  pen.fillRect(area.left - 1, area.top + area.height, area.width + 1, 1);
  if (chart.zero) drawBreak(pen, area, chart.zero, look);
  drawBelow(pen, area, chart, look);
}

/* Two slanting lines across the axis, where a logarithmic scale ends above the place of zeros. */
function drawBreak(pen, area, room, look) {
  const middle = area.top + area.height * (1 - 0.55 * room);
  pen.fillStyle = look.halo;
  pen.fillRect(area.left - 1, middle - 2, 1, 4);
  pen.strokeStyle = look.quiet;
  pen.lineWidth = 1;
  for (const shift of [-2, 2]) {
    pen.beginPath();
    pen.moveTo(area.left - 5, middle + shift + 1);
    pen.lineTo(area.left + 4, middle + shift - 1);
    pen.stroke();
  }
}

/* The numbers along the width, their middles where they belong, and what they count. */
function drawBelow(pen, area, chart, look) {
  pen.textBaseline = "top";
  pen.textAlign = "left";
  const top = area.top + area.height + 7;
  pen.fillStyle = look.quiet;
  let taken = -Infinity;
  for (const [at, text] of chart.below) {
    const { width } = pen.measureText(text);
    const left = area.left + at * area.width - width / 2;
    if (left < taken + 8) continue;
    pen.fillText(text, left, top);
    taken = left + width;
  }
  const own = ownLine(chart);
  const room = own ? area.width : area.width - pen.measureText(chart.below[1][1]).width - 16;
  const word = [chart.word, chart.word.split(" ")[0]].map(said).find((text) => pen.measureText(text).width < room) || "";
  pen.fillText(word, area.left + (area.width - pen.measureText(word).width) / 2, top + (own ? LINE : 0));
}

/* A line through points of the chart, which need not be in the order of the clock. */
function drawLine(pen, area, points, width, dash = []) {
  const path = new Path2D();
  steps(path, area, points, { straight: true });
  pen.lineWidth = width;
  pen.setLineDash(dash);
  pen.stroke(path);
  pen.setLineDash([]);
}

/* The lowest, or highest, of the points over each place, from left to right. */
function bestPoints(chart, rows, column) {
  const best = new Map();
  for (const row of rows) {
    const [other, height] = [best.get(row.at), row[column]];
    const better = other === undefined || (chart.joined === "lowest" ? height < other : height > other);
    if (Number.isFinite(height) && better) best.set(row.at, height);
  }
  return [...best.entries()].sort((a, b) => a[0] - b[0]);
}

const DISC = { corners: [] };

function drawDot(pen, area, at, height, radius, colour, group = DISC) {
  const [u, v] = chartPoint(area, at, height);
  if (!Number.isFinite(height) || v < area.top - 3 || v > area.top + area.height + 3) return;
  pen.fillStyle = colour;
  fillShape(pen, group, u, v, radius);
}

function drawPoints(pen, area, chart, groups, clock, look) {
  const seen = groups.filter((group) => group.on);
  const rows = seen.map((group) => curveAt(chart, group, latest(group.clock, clock)));
  pen.strokeStyle = look.quiet;
  drawLine(pen, area, bestPoints(chart, rows, "line"), 1.4);
  drawLine(pen, area, bestPoints(chart, rows, "dashed"), 1.2, [style.dash, style.dash_gap]);
  seen.forEach((group, k) => {
    const { at, low, high, dashed } = rows[k];
    pen.strokeStyle = look.groups[group.k];
    drawLine(pen, area, [[at, low], [at, high]], 1.4);
    drawDot(pen, area, at, dashed, style.head, look.groups[group.k]);
    drawDot(pen, area, at, dashed, 1.4, look.halo);
  });
}

function drawPaths(pen, area, chart, groups, clock, look) {
  for (const group of groups) {
    if (!group.on) continue;
    const frames = latest(group.clock, clock) + 1;
    pen.strokeStyle = look.groups[group.k];
    drawLine(pen, area, series(chart, group, "dashed", frames), 2 * style.curve_dashed, [style.dash, style.dash_gap]);
    drawLine(pen, area, series(chart, group, "line", frames), 2 * style.curve);
  }
}

/* Training examples as dots, test examples as rings, and each group's curve of the moment. */
function drawProfiles(pen, area, chart, groups, clock, look) {
  const [train, test] = chart.data;
  for (const [at, height] of [...train, ...test]) drawDot(pen, area, at, height, 2.3, look.quiet);
  for (const [at, height] of test) drawDot(pen, area, at, height, 1.3, look.halo);
  for (const group of groups) {
    const every = group.profiles[recording.charts.indexOf(chart)];
    const [all, last] = [every.length / group.clock.length, chart.nodes - 1];
    const begin = latest(group.clock, clock) * all;
    pen.strokeStyle = look.groups[group.k];
    for (let at = begin; group.on && at < begin + all; at += chart.nodes) {
      const heights = [...every.subarray(at, at + chart.nodes)];
      drawLine(pen, area, heights.map((height, k) => [k / last, height]), 1.4 * style.curve);
    }
  }
}

function clipped(pen, area, width, drawing) {
  pen.save();
  pen.beginPath();
  pen.rect(area.left, area.top - 3, width, area.height + 3);
  pen.clip();
  drawing();
  pen.restore();
}

function drawChart(pen, area, chart, groups, paths, clock, look) {
  drawChartAxes(pen, area, chart, look);
  drawCurveNames(pen, area, chart, groups, look);
  const [now] = chartPoint(area, alongChart(clock), 0);
  clipped(pen, area, area.width, () => {
    if (chart.data) drawProfiles(pen, area, chart, groups, clock, look);
    else if (chart.joined) drawPoints(pen, area, chart, groups, clock, look);
    else if (chart.own) drawPaths(pen, area, chart, groups, clock, look);
  });
  if (!chart.own) {
    clipped(pen, area, now - area.left, () => drawCurves(pen, groups, paths, look));
    pen.fillStyle = look.quiet;
    pen.fillRect(now, area.top, 1, area.height);
  }
  for (const group of groups) {
    const row = curveAt(chart, group, latest(group.clock, clock));
    const at = chart.own ? row.at : alongChart(clock);
    if (group.on) drawDot(pen, area, at, row.line, style.head, look.groups[group.k], group);
  }
}
