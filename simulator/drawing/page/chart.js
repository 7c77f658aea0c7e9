/* The chart beside the map: one curve a group, whole but pale, and in full colour up to now. */

function chartArea(width, height) {
  return { left: 56, top: 8, width: width - 64, height: height - 36 };
}

/* Place of a value between the bottom, 0, and the top, 1. */
function heightOf(scale, value) {
  if (!scale.log) return (value - scale.low) / (scale.high - scale.low);
  return Math.log(Math.max(value, scale.low) / scale.low) / Math.log(scale.high / scale.low);
}

function chartPoint(area, chart, clock, value) {
  const part = Math.min(Math.max(heightOf(chart.scale, value), -0.5), 1.5);
  return [area.left + (clock / run.clock.end) * area.width, area.top + (1 - part) * area.height];
}

/* One number of a group's history, NaN where nothing is left. */
function valueAt(group, column, frame) {
  const row = numbersAt(group, frame);
  return column === "share" ? row.shares[run.minima.followed] : row[column];
}

function series(group, column) {
  return Array.from(group.clock, (clock, frame) => [clock, valueAt(group, column, frame)]);
}

/* The steps of a series: level until the next record. */
function steps(path, area, chart, points, backwards = false) {
  const corners = [];
  points.forEach(([clock, value], k) => {
    if (!Number.isFinite(value)) return;
    const end = k + 1 < points.length ? points[k + 1][0] : clock;
    corners.push(chartPoint(area, chart, clock, value), chartPoint(area, chart, end, value));
  });
  for (const [u, v] of backwards ? corners.reverse() : corners) path.lineTo(u, v);
}

/* All that does not depend on the clock: bands, curves and dashed curves. */
function chartPaths(area, chart, groups) {
  return groups.map((group) => {
    const paths = { line: new Path2D(), band: new Path2D(), dashed: new Path2D() };
    steps(paths.line, area, chart, series(group, chart.line));
    if (chart.band) {
      steps(paths.band, area, chart, series(group, chart.band[0]));
      steps(paths.band, area, chart, series(group, chart.band[1]), true);
    }
    if (chart.dashed) steps(paths.dashed, area, chart, series(group, chart.dashed));
    return paths;
  });
}

function drawCurves(pen, groups, paths, look, pale) {
  groups.forEach((group, k) => {
    if (!group.on) return;
    pen.strokeStyle = pen.fillStyle = look.groups[group.k];
    pen.lineJoin = "round";
    pen.globalAlpha = pale ? 0.06 : 0.16;
    pen.fill(paths[k].band);
    pen.globalAlpha = pale ? 0.22 : 1;
    pen.lineWidth = 1;
    pen.setLineDash([4, 3]);
    pen.stroke(paths[k].dashed);
    pen.setLineDash([]);
    pen.lineWidth = 1.9;
    pen.stroke(paths[k].line);
  });
  pen.globalAlpha = 1;
}

function drawChartAxes(pen, area, chart, look) {
  pen.font = look.font;
  pen.textBaseline = "middle";
  pen.textAlign = "right";
  const every = Math.ceil((chart.marks.length * 26) / area.height);
  chart.marks.forEach(([value, text], k) => {
    if (k % every) return;
    const [, v] = chartPoint(area, chart, 0, value);
    pen.fillStyle = look.pale;
    pen.fillRect(area.left, Math.round(v), area.width, 1);
    pen.fillStyle = look.quiet;
    pen.fillText(text, area.left - 6, Math.min(Math.max(v, area.top + 6), area.top + area.height - 6));
  });
  pen.fillStyle = look.quiet;
  pen.fillRect(area.left - 1, area.top, 1, area.height + 1);
  pen.fillRect(area.left - 1, area.top + area.height, area.width + 1, 1);
  pen.textBaseline = "top";
  const below = area.top + area.height + 7;
  const end = whole(run.clock.end);
  pen.fillText(end, area.left + area.width, below);
  pen.textAlign = "left";
  pen.fillText("0", area.left - 2, below);
  pen.textAlign = "center";
  const room = area.width - 2 * pen.measureText(end).width - 16;
  if (pen.measureText(run.clock.word).width < room) pen.fillText(run.clock.word, area.left + area.width / 2, below);
}

function drawChart(pen, area, chart, groups, paths, clock, look) {
  drawChartAxes(pen, area, chart, look);
  const [now] = chartPoint(area, chart, Math.min(clock, run.clock.end), 0);
  pen.save();
  pen.beginPath();
  pen.rect(area.left, area.top - 3, area.width, area.height + 3);
  pen.clip();
  drawCurves(pen, groups, paths, look, true);
  pen.beginPath();
  pen.rect(area.left, area.top - 3, now - area.left, area.height + 3);
  pen.clip();
  drawCurves(pen, groups, paths, look, false);
  pen.restore();
  pen.fillStyle = look.quiet;
  pen.fillRect(now, area.top, 1, area.height);
  for (const group of groups) {
    const value = valueAt(group, chart.line, latest(group.clock, clock));
    if (!group.on || !Number.isFinite(value)) continue;
    const [, v] = chartPoint(area, chart, clock, value);
    if (v < area.top - 3 || v > area.top + area.height + 3) continue;
    pen.fillStyle = look.groups[group.k];
    pen.beginPath();
    pen.arc(now, v, 4, 0, 2 * Math.PI);
    pen.fill();
  }
}
