/* Overlays: strokes that Python recorded at moments of the run, in shares of the map. */

/* The latest moment, counted from 1, 0 before the first: moment 0 is what stays the same. */
function latestMoment(clock) {
  let at = 0;
  while (3 * (at + 1) < recording.overlay.moments.length && recording.overlay.moments[3 * (at + 1)] <= clock) at++;
  return at;
}

/* The strokes to draw at a clock value: what stays the same, and those of the latest moment. */
function overlayStrokes(clock) {
  const { moments, strokes } = recording.overlay;
  const width = recording.overlay.columns.length;
  const at = latestMoment(clock);
  return (at ? [0, at] : [0]).flatMap((k) => Array.from({ length: moments[3 * k + 2] }, (_, s) => {
    const row = strokes.subarray((moments[3 * k + 1] + s) * width, (moments[3 * k + 1] + s + 1) * width);
    return Object.fromEntries(recording.overlay.columns.map((name, column) => [name, row[column]]));
  }));
}

/* The moment whose strokes on the surface are shown; 0 if no moment has any. */
function belowMoment(clock) {
  const at = latestMoment(clock);
  return at && overlayStrokes(clock).slice(recording.overlay.moments[2]).some(({ below }) => below) ? at : 0;
}

function overlayPath(stroke, area, view) {
  const path = new Path2D();
  let gap = true;
  for (let k = stroke.first; k < stroke.first + stroke.points; k++) {
    const [s, t] = [recording.overlay.points[2 * k], recording.overlay.points[2 * k + 1]];
    if (!s) gap = true;
    else {
      const [x, y] = [(s - 1) / recording.overlay.codes * 2 - 0.5, (t - 1) / recording.overlay.codes * 2 - 0.5];
      const theta = [full.x0 + x * (full.x1 - full.x0), full.y1 - y * (full.y1 - full.y0)];
      const [u, v] = pixelOf(area, view, theta);
      if (gap) path.moveTo(u, v);
      else path.lineTo(u, v);
      gap = false;
    }
  }
  return path;
}

function overlayColour(name, look) {
  return typeof name === "number" ? look.groups[name] : look[name] || name;
}

/* `below`: those on the surface, else those over the particles. */
function drawOverlays(pen, area, view, clock, unit, look, below) {
  const strokes = overlayStrokes(clock).filter((stroke) => Boolean(stroke.below) === below);
  const paths = strokes.map((stroke) => overlayPath(stroke, area, view));
  pen.lineJoin = pen.lineCap = "round";
  for (const edge of [true, false]) {
    strokes.forEach((stroke, k) => {
      if (edge && !stroke.rim) return;
      pen.lineWidth = 2 * (stroke.radius + (edge ? stroke.rim : 0)) * unit;
      pen.strokeStyle = edge ? look.halo : overlayColour(recording.overlay.colours[stroke.colour], look);
      pen.globalAlpha = (edge ? 0.75 : 1) * stroke.strength;
      pen.stroke(paths[k]);
    });
  }
  pen.globalAlpha = 1;
  pen.lineCap = "butt";
}

/* What the overlays mean, below the map. */
function fillKey(look) {
  byId("key").replaceChildren(...recording.overlay.key.map(({ text, sample }) => {
    const canvas = element("canvas", { width: 52, height: 28, className: "sample" });
    const pen = canvas.getContext("2d");
    pen.scale(2, 2);
    pen.lineJoin = pen.lineCap = "round";
    for (const { points, radius, colour } of sample) {
      pen.strokeStyle = overlayColour(colour, look);
      pen.lineWidth = 2 * radius;
      for (const part of points) {
        pen.beginPath();
        for (const [x, y] of part) pen.lineTo(x, y);
        pen.stroke();
      }
    }
    return element("li", {}, ...(sample.length ? [canvas] : []), said(text));
  }));
}
