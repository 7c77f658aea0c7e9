/* The map: where things stand on the canvas, its axes, and the marks of critical points. */

const full = { x0: run.window[0][0], x1: run.window[0][1], y0: run.window[1][0], y1: run.window[1][1] };
const MAX_ZOOM = 60;

/* The largest area of the map's shape inside a canvas, with room for numbers at its left and below it. */
function mapArea(width, height) {
  const [left, bottom, top, right] = [52, 30, 6, run.colorbar.length ? 78 : 6];
  const [w, h] = [width - left - right, height - top - bottom];
  const across = Math.min(w, h * run.aspect);
  return { left, top, width: Math.max(Math.round(across), 40), height: Math.max(Math.round(across / run.aspect), 40) };
}

function pixelOf(area, view, [x, y]) {
  return [
    area.left + ((x - view.x0) / (view.x1 - view.x0)) * area.width,
    area.top + ((view.y1 - y) / (view.y1 - view.y0)) * area.height,
  ];
}

function thetaOf(area, view, [u, v]) {
  return [
    view.x0 + ((u - area.left) / area.width) * (view.x1 - view.x0),
    view.y1 - ((v - area.top) / area.height) * (view.y1 - view.y0),
  ];
}

/* The view with this magnification whose point `theta` lies at the shares (s, t) of its width and height. */
function zoomed(magnification, [x, y], [s, t]) {
  const zoom = Math.min(Math.max(magnification, 1), MAX_ZOOM);
  const [w, h] = [(full.x1 - full.x0) / zoom, (full.y1 - full.y0) / zoom];
  const x0 = Math.min(Math.max(x - s * w, full.x0), full.x1 - w);
  const y1 = Math.max(Math.min(y + t * h, full.y1), full.y0 + h);
  return { x0, x1: x0 + w, y0: y1 - h, y1 };
}

function magnification(view) {
  return (full.x1 - full.x0) / (view.x1 - view.x0);
}

function drawAxes(pen, area, view, look) {
  pen.font = look.font;
  pen.fillStyle = look.quiet;
  pen.strokeStyle = look.quiet;
  pen.lineWidth = 1;
  pen.strokeRect(area.left - 0.5, area.top - 0.5, area.width + 1, area.height + 1);
  pen.textAlign = "center";
  pen.textBaseline = "top";
  const bottom = area.top + area.height;
  for (const [value, text] of roundMarks(view.x0, view.x1, Math.max(2, Math.min(6, area.width / 90)))) {
    const [u] = pixelOf(area, view, [value, 0]);
    pen.fillRect(Math.min(u, area.left + area.width - 1), bottom, 1, 5);
    const half = pen.measureText(text).width / 2;
    pen.fillText(text, Math.min(Math.max(u, area.left + half), area.left + area.width - half), bottom + 8);
  }
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  for (const [value, text] of roundMarks(view.y0, view.y1, Math.max(2, Math.min(5, area.height / 70)))) {
    const [, v] = pixelOf(area, view, [0, value]);
    pen.fillRect(area.left - 5, Math.min(v, bottom - 1), 5, 1);
    pen.fillText(text, area.left - 8, Math.min(Math.max(v, area.top + 7), bottom - 7), area.left - 8);
  }
  if (run.colorbar.length) drawColourBar(pen, area, look);
  haloed(pen, run.names[0], area.left + area.width - 8, bottom - 14, look, "right");
  haloed(pen, run.names[1], area.left + 9, area.top + 14, look, "left");
}

/* The map's colours from low loss to high, with some of the levels between them. */
function drawColourBar(pen, area, look) {
  const [x, top, bands] = [area.left + area.width + 12, area.top + 20, look.fills.length];
  const edge = (k) => area.top + area.height - (k / bands) * (area.height - 20);
  look.fills.forEach((fill, k) => {
    pen.fillStyle = `rgb(${fill[fill.length >> 1]})`;
    pen.fillRect(x, edge(k + 1), 12, edge(k) - edge(k + 1) + 0.5);
  });
  pen.strokeStyle = pen.fillStyle = look.quiet;
  pen.lineWidth = 1;
  pen.strokeRect(x - 0.5, top - 0.5, 13, area.height - 19);
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  for (const [k, text] of run.colorbar) {
    pen.fillRect(x + 12, edge(k), 4, 1);
    pen.fillText(text, x + 19, edge(k));
  }
  pen.fillStyle = look.ink;
  pen.fillText(said("loss"), x, area.top + 7);
}

/* The losses of some contours, each on its line, where neither a mark nor its name is. */
function drawLevelLabels(pen, area, view, spots, look) {
  const taken = spots.flatMap(({ at, box }) => [{ x: at[0] - 10, y: at[1] - 10, w: 20, h: 20 }, ...(box ? [box] : [])]);
  for (const { text, x, y, band } of run.level_labels) {
    const [u, v] = pixelOf(area, view, [x, y]);
    const half = pen.measureText(text).width / 2 + 4;
    if (u - half < area.left || u + half > area.left + area.width || v < area.top + 10 || v > area.top + area.height - 10) continue;
    if (taken.some((t) => overlap({ x: u - half, y: v - 9, w: 2 * half, h: 18 }, t))) continue;
    haloed(pen, text, u, v, { ...look, halo: `rgb(${look.fills[band][look.fills[band].length >> 1]})`, ink: look.texts[band] }, "center");
  }
}

function haloed(pen, text, x, y, look, align = "left") {
  pen.font = look.font;
  pen.textAlign = align;
  pen.textBaseline = "middle";
  pen.lineJoin = "round";
  pen.lineWidth = 4;
  pen.strokeStyle = look.halo;
  pen.strokeText(text, x, y);
  pen.fillStyle = look.ink;
  pen.fillText(text, x, y);
}

/* A ring for a minimum, two for the lowest, a diamond for a saddle, a triangle for a maximum, a pentagon else, a cross
   for the start. */
function markPath(kind, x, y, r) {
  const path = new Path2D();
  const corners = { saddle: 4, maximum: 3, degenerate: 5 }[kind];
  if (corners) {
    for (let k = 0; k < corners; k++) {
      const turn = (2 * Math.PI * k) / corners;
      path.lineTo(x + 1.2 * r * Math.sin(turn), y - 1.2 * r * Math.cos(turn));
    }
    path.closePath();
  } else if (kind === "start") {
    for (const sign of [-0.8, 0.8]) {
      path.moveTo(x - 0.8 * r, y - sign * r);
      path.lineTo(x + 0.8 * r, y + sign * r);
    }
  } else {
    path.arc(x, y, r, 0, 2 * Math.PI);
    if (kind === "lowest minimum") {
      path.moveTo(x + run.style.outer_ring * r, y);
      path.arc(x, y, run.style.outer_ring * r, 0, 2 * Math.PI);
    }
  }
  return path;
}

function drawMarks(pen, spots, look) {
  pen.lineJoin = "round";
  for (const { kind, at } of spots) {
    const path = markPath(kind, at[0], at[1], run.style.mark);
    const { mark_line: line, mark_rim: rim } = run.style;
    for (const [width, colour] of [[2 * (line + rim), look.halo], [2 * line, look.ink]]) {
      pen.lineWidth = width;
      pen.strokeStyle = colour;
      pen.stroke(path);
    }
  }
}

function drawNames(pen, spots, look) {
  for (const { name, box } of spots) {
    if (box) haloed(pen, name, box.x + box.w / 2, box.y + box.h / 2, look, "center");
  }
}

/* What is marked inside the view, each with a place for its name where few of the visited pixels are. */
function markedSpots(pen, area, view, visited, look) {
  pen.font = look.font;
  const inside = ([u, v]) => u >= area.left && u <= area.left + area.width && v >= area.top && v <= area.top + area.height;
  const spots = recording.marks.map((mark) => ({ ...mark, at: pixelOf(area, view, [mark.x, mark.y]) })).filter((s) => inside(s.at));
  for (const spot of spots) spot.name = said(spots.length > 8 ? spot.short : spot.name);
  const taken = spots.map(({ at }) => ({ x: at[0] - 8, y: at[1] - 8, w: 16, h: 16 }));
  for (const spot of spots.filter(({ name }) => name)) {
    const w = pen.measureText(spot.name).width;
    const room = nameBoxes(spot.at, w, 16)
      .filter((b) => inside([b.x - 3, b.y]) && inside([b.x + b.w + 3, b.y + b.h]) && !taken.some((t) => overlap(b, t)));
    const cost = room.map((b) => 0.01 * b.ring + visited.filter(([u, v]) => overlap(b, { x: u, y: v, w: 0, h: 0 })).length / visited.length);
    spot.box = room[cost.indexOf(Math.min(...cost))];
    if (spot.box) taken.push({ ...spot.box, x: spot.box.x - 5, w: w + 10 });
  }
  return spots;
}

function nameBoxes([u, v], w, h) {
  return [12, 24, 38].flatMap((gap, ring) =>
    [v - gap - h, v + gap, v - h / 2].flatMap((y) =>
      [u - w / 2, u + gap, u - gap - w].filter((x) => y !== v - h / 2 || x !== u - w / 2).map((x) => ({ x, y, w, h, ring }))));
}

function overlap(a, b) {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h
    || (b.w === 0 && b.x > a.x && b.x < a.x + a.w && b.y > a.y && b.y < a.y + a.h);
}
