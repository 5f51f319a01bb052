// The player: keeps page, traces and slider at one time.

(() => {
  const slider = byId("time");
  const button = byId("play");
  const word = byId("word");
  const renderWord = page && surface(word, page.height, (context, w, h) => page.draw(context, w, h, now.t));
  const renderTraces = surface(traces.canvas, traces.height, traces.draw);
  // The slider's thumb stands exactly above the playhead.
  const align = () => {
    const w = traces.canvas.clientWidth;
    slider.style.marginLeft = `${traces.gutter(w) - 8}px`;
    slider.style.width = `${w - traces.gutter(w) - traces.edge + 16}px`;
  };
  renders.push(align);
  new ResizeObserver(align).observe(traces.canvas);

  function caption() {
    const item = items[itemAt(now.t)];
    const place = `${item.k + 1} of ${items.length}`;
    const doing = now.t >= finish ? "finished" : now.t < item.open ? `preparing ${item.name} (${place})` : `${item.name} (${place})`;
    byId("now").textContent = `${now.t.toFixed(2)} s  ·  ${doing}`;
    slider.setAttribute("aria-valuetext", `${now.t.toFixed(2)} seconds, ${doing}`);
  }
  function show() {
    slider.value = now.t;
    caption();
    if (renderWord) renderWord();
    renderTraces();
  }
  function seek(t) {
    now.t = Math.max(begin, Math.min(finish, t));
    show();
  }
  let last = null;
  let next = 0;
  function frame(stamp) {
    if (!now.playing) return;
    if (last !== null) seek(now.t + ((stamp - last) / 1000) * now.speed);
    last = stamp;
    if (now.t >= finish) setPlaying(false);
    else next = requestAnimationFrame(frame);
  }
  function setPlaying(on) {
    if (on && now.t >= finish) now.t = begin;
    now.playing = on;
    last = null;
    button.dataset.playing = on;
    button.setAttribute("aria-label", on ? "Pause" : "Play");
    cancelAnimationFrame(next);
    if (on) next = requestAnimationFrame(frame);
  }

  Object.assign(slider, { min: begin, max: finish, step: (finish - begin) / Math.max(2000, items.length * 20), value: now.t });
  slider.addEventListener("input", () => seek(Number(slider.value)));
  button.addEventListener("click", () => setPlaying(!now.playing));
  byId("speed").addEventListener("change", (event) => (now.speed = Number(event.target.value)));
  document.addEventListener("keydown", (event) => {
    if (event.code !== "Space" || event.target.closest("button, select, a, summary, [role=radio]")) return;
    event.preventDefault();
    setPlaying(!now.playing);
  });
  const drag = (event) => {
    const box = traces.canvas.getBoundingClientRect();
    seek(traces.timeAt(event.clientX - box.left, box.width));
  };
  traces.canvas.addEventListener("pointerdown", (event) => {
    traces.canvas.setPointerCapture(event.pointerId);
    drag(event);
  });
  traces.canvas.addEventListener("pointermove", (event) => event.buttons && drag(event));
  if (page)
    word.addEventListener("click", (event) => {
      const box = word.getBoundingClientRect();
      const item = page.nearest(event.clientX - box.left, event.clientY - box.top, box.width, box.height);
      if (item) seek(item.start);
    });
  else byId("page").hidden = true;
  caption();
})();
