// Gates, outputs and units over time.

const traces = (() => {
  const canvas = byId("traces");
  const rowHeight = data.names.length > 24 ? 9 : 16;
  const rows = Math.min(data.names.length, 40) + 1;
  const shownUnits = units.shape[1];
  const gap = 30;
  const heights = {
    gates: rows * rowHeight,
    outputs: channels * (channels > 6 ? 42 : 64),
    units: shownUnits ? Math.max(48, shownUnits * 22) : 0,
  };
  const top = { gates: gap };
  top.outputs = top.gates + heights.gates + gap;
  top.units = top.outputs + heights.outputs + gap;
  const height = (shownUnits ? top.units + heights.units : top.outputs + heights.outputs) + 34;
  const gutter = (w) => (w < 560 ? 46 : 76);
  const edge = 14;

  // Short sequences are seen whole, long ones through a window of some eight motifs around the playhead.
  const long = items.length > 14;
  function windowAt(t) {
    if (!long) return [begin, finish];
    const width = Math.min(finish - begin, (8 * (finish - begin)) / items.length);
    const from = Math.max(begin, Math.min(finish - width, t - width / 2));
    return [from, from + width];
  }
  const inView = (from, to) => items.filter((item) => item.end >= from && item.start <= to);

  function spread(values, columns, column) {
    let low = Infinity;
    let high = -Infinity;
    for (let i = column; i < values.length; i += columns) {
      low = Math.min(low, values[i]);
      high = Math.max(high, values[i]);
    }
    const margin = (high - low) * 0.06 || 1;
    return [low - margin, high + margin];
  }
  const targets = data.names.map((_, k) => array(`target/${k}`).values);
  // Outputs may leave the range of the targets, but not hide it.
  const channelRange = data.channels.map((_, c) => {
    const ranges = targets.map((v) => spread(v, channels, c));
    const [low, high] = [Math.min(...ranges.map((r) => r[0])), Math.max(...ranges.map((r) => r[1]))];
    const done = spread(output, channels, c);
    const room = 0.6 * (high - low);
    return [Math.max(low - room, Math.min(low, done[0])), Math.min(high + room, Math.max(high, done[1]))];
  });
  const unitRange = Array.from({ length: shownUnits }, (_, u) => spread(units.values, shownUnits, u));
  const unitSize = Math.max(...unitRange.map((r) => Math.max(Math.abs(r[0]), Math.abs(r[1]))), 1e-12);

  function curve(context, time, value, placeX, placeY, from) {
    for (let j = 0; j < time.length; j++) {
      const [px, py] = [placeX(from + time[j]), placeY(value(j))];
      if (j === 0) context.moveTo(px, py);
      else context.lineTo(px, py);
    }
  }
  function stroke(context, style, width, alpha, path) {
    context.beginPath();
    path();
    Object.assign(context, { strokeStyle: style, lineWidth: width, globalAlpha: alpha, lineJoin: "round" });
    context.stroke();
    context.globalAlpha = 1;
  }

  function drawBands(context, seen, x, bottom) {
    for (const item of seen) {
      context.fillStyle = colour.band;
      context.fillRect(x(item.start), gap - 6, x(item.open) - x(item.start), bottom - gap + 6);
      const room = x(item.end) - x(item.open);
      if (room > 11) write(context, short(item.name, Math.floor(room / 8)), x((item.open + item.end) / 2), 12, { align: "center", size: 14, fill: colour.ink });
    }
  }

  function drawGates(context, seen, x) {
    const bar = (row, from, to, fill) => {
      context.fillStyle = fill;
      context.beginPath();
      context.roundRect(x(from), top.gates + row * rowHeight + 2, Math.max(1, x(to) - x(from)), rowHeight - 4, 2);
      context.fill();
    };
    for (const item of seen) {
      bar(0, item.start, item.open, colour.soft);
      if (item.motif + 1 < rows) bar(item.motif + 1, item.open, item.end, colour.accent);
    }
  }

  function drawChannel(context, seen, x, left, right, c) {
    const each = heights.outputs / channels;
    const [low, high] = channelRange[c];
    const base = top.outputs + c * each;
    const y = (v) => base + 4 + ((high - v) / (high - low)) * (each - 8);
    if (low < 0 && high > 0) line(context, left, y(0), right, y(0), colour.rule);
    context.save();
    context.beginPath();
    context.rect(left, base, right - left + 1, each);
    context.clip();
    stroke(context, colour.pale, 5, 1, () => {
      for (const item of seen) curve(context, item.time, (j) => targets[item.motif][j * channels + c], x, y, item.open);
    });
    for (let r = 0; r < data.trials; r++)
      stroke(context, colour.accent, 0.6, 0.25, () => {
        for (const item of seen) {
          const first = item.row * data.trials + r * item.samples;
          curve(context, item.time, (j) => trials.values[(first + j) * channels + c], x, y, item.open);
        }
      });
    stroke(context, colour.soft, 1, 0.9, () => {
      for (const item of seen)
        curve(context, preparing.time, (j) => preparing.values[(item.k * preparing.time.length + j) * channels + c], x, y, item.start);
    });
    stroke(context, colour.accent, 1.6, 1, () => {
      for (const item of seen) curve(context, item.time, (j) => output[(item.row + j) * channels + c], x, y, item.open);
    });
    context.restore();
  }

  function drawUnit(context, seen, x, u) {
    const each = heights.units / shownUnits;
    const middle = top.units + (u + 0.5) * each;
    const y = (v) => middle - (v / unitSize) * each * 0.95;
    const count = preparing.time.length;
    for (const item of seen) {
      const first = item.row + (item.k + 1) * count;
      stroke(context, colour.soft, 1, 0.9, () =>
        curve(context, preparing.time, (j) => units.values[(first - count + j) * shownUnits + u], x, y, item.start));
      stroke(context, colour.ink, 1.1, 0.85, () =>
        curve(context, item.time, (j) => units.values[(first + j) * shownUnits + u], x, y, item.open));
    }
  }

  function drawLabels(context, left) {
    const label = (text, y, size = 12) => write(context, text, left - 10, y, { align: "right", size });
    const heading = (text, y) => write(context, text, left, y - 12, { size: 11 });
    const small = rowHeight > 10 ? 12 : 10;
    [left > 60 ? "prepare" : "prep.", ...data.names.slice(0, rows - 1)].forEach((name, row) => {
      if (small === 12 || row % 2 === 0) label(short(name, 9), top.gates + (row + 0.5) * rowHeight, small);
    });
    heading("Outputs", top.outputs);
    data.channels.forEach((name, c) => label(short(name, 8), top.outputs + ((c + 0.5) * heights.outputs) / channels));
    if (shownUnits) heading("Activity of units", top.units);
    for (let u = 0; u < shownUnits; u++) label(String(data.units[u]), top.units + ((u + 0.5) * heights.units) / shownUnits);
  }

  function drawAll(context, w, h, [from, to]) {
    const left = gutter(w);
    const right = w - edge;
    const x = (t) => left + ((t - from) / (to - from)) * (right - left);
    const seen = inView(from, to);
    const bottom = h - 28;
    context.save();
    context.beginPath();
    context.rect(left, 0, right - left + 1, h);
    context.clip();
    drawBands(context, seen, x, bottom);
    drawGates(context, seen, x);
    for (let c = 0; c < channels; c++) drawChannel(context, seen, x, left, right, c);
    for (let u = 0; u < shownUnits; u++) drawUnit(context, seen, x, u);
    context.restore();
    drawLabels(context, left);
    const marks = ticks(from, to, (right - left) / 70);
    for (const t of marks.values) {
      line(context, x(t), bottom, x(t), bottom + 4, colour.soft);
      write(context, t.toFixed(marks.digits) + (t === marks.values[0] ? " s" : ""), x(t), bottom + 14, { align: "center" });
    }
    return { x, left, right, bottom };
  }

  // Everything but the playhead is drawn once for each window.
  const layer = document.createElement("canvas");
  let cached = { key: "", plot: null };
  function draw(context, w, h) {
    const range = windowAt(now.t);
    const key = [range, w, context.canvas.width, colour.accent, colour.paper].join();
    if (cached.key !== key) {
      layer.width = context.canvas.width;
      layer.height = context.canvas.height;
      const below = layer.getContext("2d");
      below.setTransform(context.getTransform());
      cached = { key, plot: drawAll(below, w, h, range) };
    }
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(layer, 0, 0);
    context.restore();
    const at = cached.plot.x(now.t);
    line(context, at, gap - 6, at, cached.plot.bottom, colour.second, 1.5);
    disc(context, at, gap - 6, 3.5, colour.second);
  }
  const timeAt = (px, w) => {
    const [from, to] = windowAt(now.t);
    return from + ((px - gutter(w)) / (w - edge - gutter(w))) * (to - from);
  };
  return { canvas, height, draw, timeAt, gutter, edge };
})();
