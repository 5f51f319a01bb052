// The matrix of errors of every transition; then, all figures being there, they are drawn.

(() => {
  const canvas = byId("transitions");
  if (!canvas || !data.transitions) return;
  const { names, pool } = data.transitions;
  const error = array("transitions/error").values;
  const state = array("transitions/state_error").values;
  const n = names.length;
  const shown = [
    { title: "Error", values: error },
    { title: "State error", values: state },
  ];
  let chosen = 0;
  let [low, high] = decades([...error]);
  const place = new Map(names.map((name, i) => [name, i]));
  const used = pool > 1 ? [] : items.slice(1).map((item) => [place.get(items[item.k - 1].name), place.get(item.name)]);

  const channel = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
  function shade(value) {
    const s = Math.max(0, Math.min(1, (Math.log10(Math.max(value, 10 ** low)) - low) / (high - low)));
    const stops = [colour.low, colour.accent, colour.high].map(channel);
    const [a, b, f] = s < 0.6 ? [stops[0], stops[1], s / 0.6] : [stops[1], stops[2], (s - 0.6) / 0.4];
    return `rgb(${a.map((v, i) => Math.round(v + (b[i] - v) * f)).join()})`;
  }
  const left = 64;
  const top = 44;
  const side = (w) => Math.min(w - left - 86, 46 * n + 40, 520);
  function scaleBar(context, x, s) {
    for (let i = 0; i < s; i++) {
      context.fillStyle = shade(10 ** (high - ((high - low) * i) / s));
      context.fillRect(x, top + i, 12, 1.5);
    }
    for (let e = low; e <= high; e += Math.ceil((high - low) / 6))
      write(context, "10" + superscript(e), x + 18, top + ((high - e) / (high - low)) * s, {});
  }
  const render = surface(canvas, (w) => side(w) + top + 14, (context, w) => {
    const s = side(w);
    const cell = s / n;
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        context.fillStyle = shade(shown[chosen].values[i * n + j]);
        context.fillRect(left + j * cell, top + i * cell, Math.ceil(cell) - (cell > 8 ? 1 : 0), Math.ceil(cell) - (cell > 8 ? 1 : 0));
      }
    for (const [i, j] of used)
      if (cell > 5) disc(context, left + (j + 0.5) * cell - 0.5, top + (i + 0.5) * cell - 0.5, Math.min(5, cell / 3.5), null, colour.second, 2);
    const step = Math.ceil(12 / cell);
    for (let i = 0; i < n; i += step) {
      write(context, short(names[i], 5), left - 8, top + (i + 0.5) * cell, { align: "right", fill: colour.ink });
      write(context, short(names[i], Math.max(1, Math.floor((cell * step) / 7))), left + (i + 0.5) * cell, top - 12, { align: "center", fill: colour.ink });
    }
    write(context, "performed next", left, 12);
    upwards(context, "performed before", 10, top + s, "left");
    scaleBar(context, left + s + 16, s);
  });
  const told = (i, j) => {
    const cell = side(canvas.clientWidth) / n;
    const lines = [`${names[j]} after ${names[i]}`, `error ${number(error[i * n + j])}`, `state error ${number(state[i * n + j])}`];
    if (pool > 1) lines[0] += ` (largest of ${pool} × ${pool})`;
    return { lines, x: left + (j + 0.5) * cell, y: top + (i + 0.5) * cell };
  };
  choice(byId("shown"), shown.map((s) => s.title), (k) => {
    chosen = k;
    [low, high] = decades([...shown[k].values]);
    render();
  });
  let at = [0, 0];
  explain(
    canvas,
    (px, py) => {
      const cell = side(canvas.clientWidth) / n;
      const [i, j] = [Math.floor((py - top) / cell), Math.floor((px - left) / cell)];
      return i >= 0 && j >= 0 && i < n && j < n ? told(i, j) : null;
    },
    (dx, dy) => {
      at = [(at[0] + dy + n) % n, (at[1] + dx + n) % n];
      return told(...at);
    },
  );
})();

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", renderAll);
const printing = (on) => {
  document.documentElement.toggleAttribute("data-print", on);
  sharpness = on ? 3 : null;
  renderAll();
};
addEventListener("beforeprint", () => printing(true));
addEventListener("afterprint", () => printing(false));
renderAll();
document.documentElement.dataset.ready = "yes";
