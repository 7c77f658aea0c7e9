/* The chart beside the map.  Over the clock: one curve a group up to now.  Over other numbers: the path of each group
   up to now, or one point a group and a line through the best of them. */

function chartArea(width, height) {
  return { left: 56, top: 8, width: width - 64, height: height - 36 };
}

function chartPoint(area, at, height) {
  return [area.left + at * area.width, area.top + (1 - Math.min(Math.max(height, -0.5), 1.5)) * area.height];
}

/* One row of a group's curve: place along the width, heights of line, band and dashed line. */
function curveAt(chart, group, frame) {
  const row = group.curves[run.charts.indexOf(chart)].subarray(frame * run.curve.length, (frame + 1) * run.curve.length);
  const found = Object.fromEntries(run.curve.map((name, column) => [name, row[column]]));
  return chart.own ? found : { ...found, at: group.clock[frame] / run.clock.end };
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
    pen.fillText(text, area.left - 6, Math.min(Math.max(v, area.top + 6), area.top + area.height - 6), area.left - 6);
  });
  pen.fillStyle = look.quiet;
  pen.fillRect(area.left - 1, area.top, 1, area.height + 1);
  pen.fillRect(area.left - 1, area.top + area.height, area.width + 1, 1);
  drawBelow(pen, area, chart);
}

/* The marks along the width and, where these are its two ends, what they count. */
function drawBelow(pen, area, chart) {
  pen.textBaseline = "top";
  pen.textAlign = "left";
  const top = area.top + area.height + 7;
  let taken = -Infinity;
  for (const [at, text] of chart.below) {
    const { width } = pen.measureText(text);
    const right = area.left + area.width;
    const left = Math.max(Math.min(area.left + at * area.width - width / 2, right - width), area.left - 2);
    if (left < taken + 8) continue;
    pen.fillText(text, left, top);
    taken = left + width;
  }
  if (chart.below.length !== 2 || chart.below[0][0] !== 0 || chart.below[1][0] !== 1) return;
  const room = area.width - 2 * pen.measureText(chart.below[1][1]).width - 16;
  const { width } = pen.measureText(chart.word);
  if (width < room) pen.fillText(chart.word, area.left + (area.width - width) / 2, top);
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

function drawDot(pen, area, at, height, radius, colour) {
  const [u, v] = chartPoint(area, at, height);
  if (!Number.isFinite(height) || v < area.top - 3 || v > area.top + area.height + 3) return;
  pen.fillStyle = colour;
  pen.beginPath();
  pen.arc(u, v, radius, 0, 2 * Math.PI);
  pen.fill();
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
  const [now] = chartPoint(area, Math.min(clock, run.clock.end) / run.clock.end, 0);
  clipped(pen, area, area.width, () => {
    if (chart.joined) drawPoints(pen, area, chart, groups, clock, look);
    else if (chart.own) drawPaths(pen, area, chart, groups, clock, look);
  });
  if (!chart.own) {
    clipped(pen, area, now - area.left, () => drawCurves(pen, groups, paths, look));
    pen.fillStyle = look.quiet;
    pen.fillRect(now, area.top, 1, area.height);
  }
  for (const group of groups) {
    const row = curveAt(chart, group, latest(group.clock, clock));
    const at = chart.own ? row.at : Math.min(clock, run.clock.end) / run.clock.end;
    if (group.on) drawDot(pen, area, at, row.line, style.head, look.groups[group.k]);
  }
}
