// Eigenvalues without and with the loops of one motif, their targets, and the table of its modes.

(() => {
  const canvas = byId("spectrum");
  const mirrored = (half) => {
    const points = [];
    for (let i = 0; i < half.length; i += 2) {
      points.push([half[i], half[i + 1]]);
      if (half[i + 1] > 0) points.push([half[i], -half[i + 1]]);
    }
    return points;
  };
  const before = mirrored(array("spectrum").values);
  const closed = data.names.map((_, k) => mirrored((array(`closed/${k}`) ?? { values: [] }).values));
  const targetsOf = (k) => data.modes[k].flatMap((m, i) => [[m.re, m.im, i], [m.re, -m.im, i]]);
  let chosen = 0;
  let marked = -1; // a target, by its index in targetsOf(chosen)

  // One frame for all motifs, so that switching between them shows what moves.
  const range = (() => {
    const all = [...before, ...data.names.flatMap((_, k) => [...closed[k], ...targetsOf(k)])];
    const re = all.map((p) => p[0]);
    const im = all.map((p) => p[1]);
    const low = re.reduce((a, b) => Math.min(a, b));
    const high = Math.max(1.1, re.reduce((a, b) => Math.max(a, b)));
    const tall = im.reduce((a, b) => Math.max(a, b));
    return { low: low - 0.12, high: high + 0.12, tall: tall + 0.12 };
  })();
  const margin = { left: 46, right: 10, top: 10, bottom: 40 };
  const height = (w) => Math.min(560, ((w - 56) * 2 * range.tall) / (range.high - range.low) + 50);
  function viewOf(w, h) {
    const scale = Math.min((w - margin.left - margin.right) / (range.high - range.low), (h - margin.top - margin.bottom) / (2 * range.tall));
    const middle = margin.top + (h - margin.top - margin.bottom) / 2;
    return { scale, x: (v) => margin.left + (v - range.low) * scale, y: (v) => middle - v * scale };
  }

  function axes(context, view) {
    const [x0, x1] = [view.x(range.low), view.x(range.high)];
    const [y0, y1] = [view.y(range.tall), view.y(-range.tall)];
    const across = ticks(range.low, range.high, 6);
    const along = ticks(-range.tall, range.tall, 5);
    for (const v of across.values) {
      line(context, view.x(v), y0, view.x(v), y1, colour.rule);
      write(context, minus(v.toFixed(across.digits)), view.x(v), y1 + 13, { align: "center" });
    }
    for (const v of along.values) {
      line(context, x0, view.y(v), x1, view.y(v), colour.rule);
      write(context, minus(v.toFixed(along.digits)), x0 - 6, view.y(v), { align: "right" });
    }
    write(context, "Re λ", (x0 + x1) / 2, y1 + 31, { align: "center" });
    upwards(context, "Im λ", 9, (y0 + y1) / 2, "center");
    line(context, view.x(1), y0, view.x(1), y1, colour.ink, 1.2, [5, 4]);
  }
  const render = surface(canvas, height, (context, w, h) => {
    const view = viewOf(w, h);
    axes(context, view);
    for (const [re, im] of before) disc(context, view.x(re), view.y(im), 2.2, null, colour.soft, 0.8);
    for (const [re, im] of closed[chosen]) disc(context, view.x(re), view.y(im), 2.2, colour.accent);
    targetsOf(chosen).forEach(([re, im, mode], i) =>
      disc(context, view.x(re), view.y(im), i === marked ? 9 : 5.5, null, colour.second, mode === Math.floor(marked / 2) && marked >= 0 ? 3 : 1.8));
  });

  function describe(re, im, title) {
    const decay = 1 - re > 1e-6 ? `decays to 1/e in ${milliseconds(1 - re)} ms` : "does not decay";
    const period = im === 0 ? "no oscillation" : `period ${number((2000 * Math.PI * data.tau) / Math.abs(im))} ms`;
    return [title, `λ = ${complex(re, im)}`, decay, period];
  }
  function find(px, py) {
    const view = viewOf(canvas.clientWidth, canvas.clientHeight);
    let best = { gap: 12 };
    const look = (points, title, bonus) => points.forEach(([re, im], i) => {
      const gap = Math.hypot(view.x(re) - px, view.y(im) - py) - bonus;
      if (gap < best.gap) best = { gap, re, im, i, title };
    });
    look(before, "without loops", 0);
    look(closed[chosen], `with the loops of ${data.names[chosen]}`, 1);
    look(targetsOf(chosen), `target of ${data.names[chosen]}`, 3);
    return best.title && { lines: describe(best.re, best.im, best.title) };
  }
  explain(canvas, find, (dx, dy) => {
    const targets = targetsOf(chosen);
    marked = marked < 0 ? 0 : (marked + (dx - dy || 0) + targets.length) % targets.length;
    render();
    const view = viewOf(canvas.clientWidth, canvas.clientHeight);
    const [re, im] = targets[marked];
    return { lines: describe(re, im, `target of ${data.names[chosen]}`), x: view.x(re), y: view.y(im) };
  });

  function modeTable() {
    const cell = (text) => Object.assign(document.createElement("td"), { textContent: text });
    byId("modes").replaceChildren(...data.modes[chosen].map((m, i) => {
      const row = document.createElement("tr");
      const period = number((2000 * Math.PI * data.tau) / m.im);
      row.append(...[complex(m.re, m.im), milliseconds(1 - m.re), period, number(m.condition), number(m.error)].map(cell));
      row.addEventListener("pointerenter", () => {
        marked = 2 * i;
        render();
      });
      row.addEventListener("pointerleave", () => {
        marked = -1;
        render();
      });
      return row;
    }));
  }
  function choose(k) {
    chosen = k;
    marked = -1;
    canvas.setAttribute("aria-label", `Eigenvalues without loops and with the loops of ${data.names[k]}`);
    modeTable();
    render();
  }
  choice(byId("letters"), data.names, choose);
})();
