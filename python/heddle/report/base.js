// Data, colours, canvases, axes and the tooltip: what every figure of the report stands on.

const byId = (id) => document.getElementById(id);

const data = JSON.parse(byId("header").textContent);

const block = (() => {
  const text = atob(byId("block").textContent.trim());
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return new Float32Array(bytes.buffer);
})();

// An array of the block: values row by row, with `shape` beside them; null where there is none.
function array(key) {
  if (!(key in data.arrays)) return null;
  const [start, shape] = data.arrays[key];
  const size = shape.reduce((a, b) => a * b, 1);
  return { values: block.subarray(start, start + size), shape };
}

// Colours live in the style sheet, so that canvases follow light, dark and print.
let colour = {};
function readColours() {
  const style = getComputedStyle(document.documentElement);
  colour = {};
  for (const name of ["paper", "panel", "ink", "soft", "rule", "accent", "second", "pale", "band", "low", "high"])
    colour[name] = style.getPropertyValue("--" + name).trim();
  colour.font = getComputedStyle(document.body).fontFamily;
}

readColours();

const renders = [];
let sharpness = null; // of canvases while printing

function renderAll() {
  readColours();
  for (const render of renders) render();
}

// A canvas that redraws itself whenever its width changes: draw(context, width, height).
function surface(canvas, height, draw) {
  let before = 0;
  const render = () => {
    const w = canvas.parentElement.clientWidth || before;
    const h = Math.round(typeof height === "function" ? height(w) : height);
    const ratio = sharpness || window.devicePixelRatio || 1;
    if (w === 0) return;
    before = w;
    if (canvas.width !== Math.round(w * ratio) || canvas.height !== Math.round(h * ratio)) {
      canvas.width = Math.round(w * ratio);
      canvas.height = Math.round(h * ratio);
      canvas.style.aspectRatio = `${w} / ${h}`;
    }
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, w, h);
    draw(context, w, h);
  };
  renders.push(render);
  new ResizeObserver(() => {
    if (canvas.parentElement.clientWidth !== before) render();
  }).observe(canvas.parentElement);
  return render;
}

function write(context, text, x, y, { size = 12, align = "left", base = "middle", fill = colour.soft, style = "" } = {}) {
  context.font = `${style} ${size}px ${colour.font}`.trim();
  context.textAlign = align;
  context.textBaseline = base;
  context.fillStyle = fill;
  context.fillText(text, x, y);
}

function line(context, x0, y0, x1, y1, stroke, width = 1, dash = []) {
  context.save();
  context.beginPath();
  context.setLineDash(dash);
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.strokeStyle = stroke;
  context.lineWidth = width;
  context.stroke();
  context.restore();
}

function disc(context, x, y, radius, fill, stroke, width = 1) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  if (fill) {
    context.fillStyle = fill;
    context.fill();
  }
  if (stroke) {
    context.strokeStyle = stroke;
    context.lineWidth = width;
    context.stroke();
  }
}

// Round numbers that cover [low, high] with about `count` steps.
function ticks(low, high, count) {
  const rough = (high - low) / Math.max(1, count);
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = unit * [1, 2, 5, 10].find((m) => m * unit >= rough * 0.999);
  const found = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) found.push(k * step);
  return { values: found, digits: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) };
}

const superscript = (n) => String(n).replace(/[-\d]/g, (c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]);
const minus = (text) => text.replace("-", "−");

// Three digits, or a power of ten where that would hide the number.
function number(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 0.1 && size < 1e4) return minus(size < 100 ? value.toPrecision(3) : value.toFixed(0));
  const [mantissa, exponent] = value.toExponential(1).split("e");
  return `${minus(mantissa)} × 10${superscript(Number(exponent))}`;
}

// A duration in ms from a rate in units of 1/τ.
const milliseconds = (rate) => (rate > 1e-6 ? number((1000 * data.tau) / rate) : "∞");

const complex = (re, im) => `${minus(re.toFixed(3))} ${im < 0 ? "−" : "+"} ${Math.abs(im).toFixed(3)} i`;

// A name that fits: long ones are cut with an ellipsis.
const short = (name, most = 10) => ([...name].length > most ? [...name].slice(0, most - 1).join("") + "…" : name);

// Logarithmic axis from whole decade to whole decade.
function decades(values) {
  const known = values.filter((v) => v > 0 && Number.isFinite(v)).map(Math.log10);
  if (!known.length) return [-1, 0];
  const low = Math.floor(Math.min(...known) - 0.05);
  return [low, Math.max(low + 1, Math.ceil(Math.max(...known) + 0.05))];
}

function upwards(context, text, x, y, align) {
  context.save();
  context.translate(x, y);
  context.rotate(-Math.PI / 2);
  write(context, text, 0, 0, { align });
  context.restore();
}

function logAxis(context, { low, high, x, right, place, title }) {
  const step = Math.ceil((high - low) / 7);
  for (let e = low; e <= high; e += step) {
    const y = place(10 ** e);
    line(context, x, y, right, y, colour.rule);
    write(context, "10" + superscript(e), x - 8, y, { align: "right" });
  }
  upwards(context, title, 12, (place(10 ** low) + place(10 ** high)) / 2, "center");
}

const tip = byId("tip");
function showTip(lines, event) {
  tip.replaceChildren(...lines.map((text) => Object.assign(document.createElement("div"), { textContent: text })));
  tip.hidden = false;
  const box = tip.getBoundingClientRect();
  const x = Math.min(event.clientX + 14, document.documentElement.clientWidth - box.width - 8);
  const y = event.clientY + 18 + box.height > window.innerHeight ? event.clientY - box.height - 10 : event.clientY + 18;
  tip.style.transform = `translate(${Math.max(4, x)}px, ${y}px)`;
}
const hideTip = () => (tip.hidden = true);

// A row of buttons of which one is chosen, with the keys that radio buttons have.
function choice(group, titles, choose) {
  const buttons = titles.map((title, k) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: short(title, 14), title });
    button.setAttribute("role", "radio");
    button.addEventListener("click", () => pick(k));
    return button;
  });
  function pick(k) {
    buttons.forEach((button, i) => {
      button.setAttribute("aria-checked", i === k);
      button.tabIndex = i === k ? 0 : -1;
    });
    choose(k);
  }
  group.append(...buttons);
  group.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (!move) return;
    event.preventDefault();
    const k = (buttons.indexOf(document.activeElement) + move + buttons.length) % buttons.length;
    pick(k);
    buttons[k].focus();
  });
  pick(0);
}

// Calls find(x, y) under the pointer and shows what it returns; arrow keys call step(dx, dy) on a
// focused canvas, whose answer is shown beside the point it gives.
function explain(canvas, find, step) {
  const at = (x, y) => {
    const box = canvas.getBoundingClientRect();
    return { clientX: box.left + x, clientY: box.top + y };
  };
  canvas.addEventListener("pointermove", (event) => {
    const box = canvas.getBoundingClientRect();
    const found = find(event.clientX - box.left, event.clientY - box.top);
    if (found) showTip(found.lines, event);
    else hideTip();
  });
  canvas.addEventListener("pointerleave", hideTip);
  canvas.addEventListener("blur", hideTip);
  canvas.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return hideTip();
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!move) return undefined;
    event.preventDefault();
    const found = step(...move);
    return found && showTip(found.lines, at(found.x, found.y));
  });
}
