/* The pace of the run that is shown, and where it stands. */

/* The clock value that an even pace would have reached in the same time, and back: see pace.py. */
function evened(clock) {
  const { kind, end, first } = recording.clock.pace;
  const share = Math.max(0, clock / end);
  if (kind === "eased") return end * Math.sqrt(share);
  return kind === "log" ? (end * Math.log1p((share * end) / first)) / Math.log1p(end / first) : clock;
}

/* Where along a chart's width a clock value stands. */
function alongChart(clock) {
  return Math.min(1, (recording.clock.pace.kind === "log" ? evened(clock) : clock) / recording.clock.end);
}

function clockAlong(share) {
  return recording.clock.pace.kind === "log" ? paced(share * recording.clock.end) : share * recording.clock.end;
}

function paced(even) {
  const { kind, end, first } = recording.clock.pace;
  if (kind === "eased") return even * (even / end);
  return kind === "log" ? first * Math.expm1((even / end) * Math.log1p(end / first)) : even;
}

/* Index of the last of these rising values that is not after the clock. */
function latest(values, clock) {
  let low = 0;
  let high = values.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (values[middle] <= clock) low = middle;
    else high = middle;
  }
  return low;
}
