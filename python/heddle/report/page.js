// The performed items in time, and the page on which they are written.

// Rows of the item in the concatenated arrays, and its times.
const items = (() => {
  let row = 0;
  return data.sequence.map((motif, k) => {
    const time = array(`time/${motif}`).values;
    const [start, open, end] = data.times[k];
    const item = { k, motif, name: data.names[motif], row, samples: time.length, time, start, open, end };
    row += time.length;
    return item;
  });
})();

const channels = data.channels.length;
const output = array("output").values;
const preparing = { time: array("preparation_time").values, values: array("preparation").values };
const trials = array("trials");
const units = array("units");
const finish = items[items.length - 1].end;
const begin = items[0].start;

// The item at time t: the last one that has begun.
function itemAt(t) {
  let low = 0;
  let high = items.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (items[middle].start <= t) low = middle;
    else high = middle - 1;
  }
  return low;
}

// What the reader sees: the time in the performance, and whether and how fast it runs.
const now = { t: finish, playing: false, speed: 1 };

const page = data.drawing && (() => {
  const { x, y, pen } = data.drawing;
  const progress = array("progress").values;
  const down = (values, row) => pen === null || values[row * channels + pen] > 0.5;

  // Strokes of rows [first, first + count) shifted by the item's offset, up to the local time.
  function trace(context, view, shift, values, first, time, upTo, keep) {
    context.beginPath();
    let open = false;
    for (let j = 0; j < time.length && time[j] <= upTo + 1e-9; j++) {
      if (keep && !keep(values, first + j)) {
        open = false;
        continue;
      }
      const px = view.x(values[(first + j) * channels + x] + shift[0]);
      const py = view.y(values[(first + j) * channels + y] + shift[1]);
      if (open) context.lineTo(px, py);
      else context.moveTo(px, py);
      open = true;
    }
    context.stroke();
  }

  // While the next motif is prepared the hand moves along: from one motif's shift to the next's.
  function preparedPoint(item, j) {
    const before = data.offsets[Math.max(0, item.k - 1)];
    const after = data.offsets[item.k];
    const row = item.k * preparing.time.length + j;
    const s = progress[row];
    const at = row * channels;
    return [0, 1].map((i) => preparing.values[at + [x, y][i]] + before[i] + (after[i] - before[i]) * s);
  }

  function tracePreparation(context, view, item, upTo) {
    if (item.k > 0 && data.offsets[item.k][1] !== data.offsets[item.k - 1][1]) return; // a new line
    context.beginPath();
    for (let j = 0; j < preparing.time.length && preparing.time[j] <= upTo + 1e-9; j++) {
      const [px, py] = preparedPoint(item, j);
      context.lineTo(view.x(px), view.y(py));
    }
    context.stroke();
  }

  // The smallest box [left, right, bottom, top] around `runs` runs of every item.
  function around(runs, rowsOf) {
    const b = [Infinity, -Infinity, Infinity, -Infinity];
    for (const item of items) {
      const [values, first] = rowsOf(item);
      const shift = data.offsets[item.k];
      for (let row = first; row < first + runs * item.samples; row++) {
        const px = values[row * channels + x] + shift[0];
        const py = values[row * channels + y] + shift[1];
        if (px < b[0]) b[0] = px;
        if (px > b[1]) b[1] = px;
        if (py < b[2]) b[2] = py;
        if (py > b[3]) b[3] = py;
      }
    }
    return b;
  }
  // Around every target, lifted pen included, and around what was done unless it went far astray.
  const box = (() => {
    const b = around(1, (item) => [array(`target/${item.motif}`).values, 0]);
    const done = [around(1, (item) => [output, item.row])];
    if (data.trials) done.push(around(data.trials, (item) => [trials.values, item.row * data.trials]));
    const room = 0.25 * (items.length > 40 ? 0.1 : 1) * (b[3] - b[2]);
    return b.map((edge, i) =>
      i % 2 ? Math.min(edge + room, Math.max(edge, ...done.map((d) => d[i]))) : Math.max(edge - room, Math.min(edge, ...done.map((d) => d[i]))));
  })();
  const wide = Math.max(box[1] - box[0], 1e-9);
  const high = Math.max(box[3] - box[2], 1e-9);

  function viewOf(w, h) {
    const margin = Math.min(28, w * 0.05);
    const scale = Math.min((w - 2 * margin) / wide, (h - 2 * margin) / high);
    const left = (w - scale * wide) / 2;
    const top = (h - scale * high) / 2;
    const line = Math.max(1.1, Math.min(4.5, scale * (high / new Set(data.offsets.map((o) => o[1])).size) * 0.016));
    return { scale, line, x: (v) => left + (v - box[0]) * scale, y: (v) => top + (box[3] - v) * scale };
  }
  const height = (w) => Math.max(150, Math.min(w * 0.62, 560, ((w - 56) * high) / wide + 64));

  function round(context, stroke, width, alpha = 1, dash = []) {
    Object.assign(context, { strokeStyle: stroke, lineWidth: width, globalAlpha: alpha, lineCap: "round", lineJoin: "round" });
    context.setLineDash(dash);
  }

  function drawTarget(context, view, item) {
    round(context, colour.pale, Math.max(view.line * 3.2 - 1.2, 2.4));
    trace(context, view, data.offsets[item.k], array(`target/${item.motif}`).values, 0, item.time, Infinity, down);
  }

  // One item up to time t: faint trials, the preparation and lifted moves dashed, then the stroke itself.
  function drawItem(context, view, item, t) {
    const shift = data.offsets[item.k];
    const local = t - item.open;
    round(context, colour.accent, view.line * 0.34, 0.22);
    for (let r = 0; r < (view.line > 1.1 ? data.trials : 0); r++)
      trace(context, view, shift, trials.values, item.row * data.trials + r * item.samples, item.time, local, down);
    round(context, colour.soft, Math.max(0.6, view.line * 0.3), view.line > 1.1 ? 0.55 : 0.3, [1, 4]);
    tracePreparation(context, view, item, t - item.start);
    trace(context, view, shift, output, item.row, item.time, local, (values, row) => !down(values, row));
    round(context, colour.accent, view.line);
    trace(context, view, shift, output, item.row, item.time, local, down);
    round(context, colour.accent, 1);
  }

  function tipOf(item, t) {
    const local = t - item.open;
    const inside = local >= 0;
    const time = inside ? item.time : preparing.time;
    const at = inside ? local : t - item.start;
    let j = 0;
    while (j < time.length - 2 && time[j + 1] < at) j++;
    const f = Math.max(0, Math.min(1, (at - time[j]) / (time[j + 1] - time[j])));
    const shift = data.offsets[item.k];
    const point = (i) => inside
      ? [output[(item.row + i) * channels + x] + shift[0], output[(item.row + i) * channels + y] + shift[1]]
      : preparedPoint(item, i);
    const [a, b] = [point(j), point(j + 1)];
    return { x: a[0] + (b[0] - a[0]) * f, y: a[1] + (b[1] - a[1]) * f, down: inside && down(output, item.row + j) };
  }

  // Finished items stay on a layer of their own, so that a thousand letters cost no more than one.
  const layer = document.createElement("canvas");
  let done = { key: "", count: 0 };
  function finished(context, view, count) {
    const { canvas } = context;
    const key = [canvas.width, canvas.height, colour.accent, colour.paper].join();
    const past = layer.getContext("2d");
    if (done.key !== key || done.count > count) {
      layer.width = canvas.width;
      layer.height = canvas.height;
      past.setTransform(context.getTransform());
      for (const item of items) drawTarget(past, view, item);
      done = { key, count: 0 };
    }
    for (; done.count < count; done.count++) drawItem(past, view, items[done.count], Infinity);
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(layer, 0, 0);
    context.restore();
  }

  function draw(context, w, h, t) {
    const view = viewOf(w, h);
    const k = itemAt(t);
    finished(context, view, t >= finish ? items.length : k);
    if (t >= finish) return;
    drawItem(context, view, items[k], t);
    const end = tipOf(items[k], t);
    const size = Math.max(4, view.line * 1.5);
    disc(context, view.x(end.x), view.y(end.y), size, end.down ? colour.second : colour.panel, colour.second, 2);
  }

  // The item whose target comes closest to a point of the canvas.
  function nearest(px, py, w, h) {
    const view = viewOf(w, h);
    const gap = (item) => {
      const target = array(`target/${item.motif}`).values;
      const [sx, sy] = data.offsets[item.k];
      let best = Infinity;
      for (let j = 0; j < item.samples; j++)
        best = Math.min(best, Math.hypot(view.x(target[j * channels + x] + sx) - px, view.y(target[j * channels + y] + sy) - py));
      return best;
    };
    return items.reduce((a, item) => (gap(item) < a[0] ? [gap(item), item] : a), [40, null])[1];
  }
  return { draw, height, nearest };
})();
