// Errors by position in the sequence: without noise, and with it.

// A logarithmic plot of rows by position; `marks(context, x, place, row)` draws one of them.
function byPosition(canvas, values, title, marks, lines) {
  const [low, high] = decades(data.rows.flatMap(values));
  const few = data.rows.length <= 40;
  const left = 64;
  const frame = (w, h) => ({
    x: (k) => left + ((k + 0.5) / data.rows.length) * (w - left - 8),
    place: (v) => 12 + ((high - Math.log10(Math.max(v, 10 ** low))) / (high - low)) * (h - 46),
  });
  let at = 0;
  const render = surface(canvas, (w) => Math.min(300, Math.max(220, w * 0.5)), (context, w, h) => {
    const { x, place } = frame(w, h);
    logAxis(context, { low, high, x: left, right: w - 8, place, title });
    data.rows.forEach((row, k) => marks(context, x(k), place, row, few));
    const step = Math.ceil(data.rows.length / Math.max(1, (w - left) / 16));
    if (few)
      data.rows.forEach((_, k) => {
        if (k % step === 0) write(context, short(data.names[data.sequence[k]], 4), x(k), h - 18, { align: "center", size: 13, fill: colour.ink });
      });
    else for (const k of ticks(1, data.rows.length, (w - left) / 80).values) write(context, String(k), x(k - 1), h - 18, { align: "center" });
  });
  const told = (k) => {
    const { x, place } = frame(canvas.clientWidth, canvas.clientHeight);
    const row = data.rows[k];
    const y = place(Math.max(...values(row).filter((v) => v > 0), 10 ** low));
    return { lines: [`${k + 1}: ${data.names[data.sequence[k]]}`, ...lines(row)], x: x(k), y };
  };
  explain(
    canvas,
    (px) => {
      const k = Math.floor(((px - left) / (canvas.clientWidth - left - 8)) * data.rows.length);
      return k >= 0 && k < data.rows.length ? told(k) : null;
    },
    (dx) => told((at = (at + dx + data.rows.length) % data.rows.length)),
  );
  return render;
}

byPosition(
  byId("errors"),
  (row) => [row.isolated, row.error],
  "normalised squared error",
  (context, x, place, row, few) => {
    const size = few ? 4 : 1.8;
    if (few) line(context, x, place(row.isolated), x, place(row.error), colour.accent);
    disc(context, x, place(row.isolated), size + (few ? 2 : 0.6), null, colour.second, few ? 2 : 1);
    disc(context, x, place(row.error), size, row.failed ? colour.ink : colour.accent);
    if (row.failed) disc(context, x, place(row.error), size + 4, null, colour.ink, 1.5);
  },
  (row) => [`in sequence ${number(row.error)}`, `isolated ${number(row.isolated)}`, ...(row.failed ? ["failed"] : [])],
);

if (byId("noise"))
  byPosition(
    byId("noise"),
    (row) => [row.predicted, row.mean],
    "normalised squared error",
    (context, x, place, row, few) => {
      const size = few ? 4 : 1.8;
      if (row.mean !== null) {
        const reach = row.spread ?? 0;
        line(context, x, place(row.mean - reach), x, place(row.mean + reach), colour.accent, few ? 2 : 1);
        disc(context, x, place(row.mean), size, colour.accent);
      }
      if (row.predicted !== null) line(context, x - size - 4, place(row.predicted), x + size + 4, place(row.predicted), colour.second, few ? 2.5 : 1.2);
    },
    (row) => [`predicted ${number(row.predicted)}`, ...(row.mean === null ? [] : [`Monte Carlo ${number(row.mean)} ± ${number(row.spread)}`])],
  );
