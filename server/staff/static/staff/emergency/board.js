// How long it runs and when it ends, counted by the server's clock from when the page was made.

const clock = document.querySelector("[data-now]");

if (clock) {
  const ahead = Date.parse(clock.dataset.now) - Date.now();
  const since = clock.querySelector("[data-since]");
  const until = clock.querySelector("[data-until]");

  const written = (ms) => {
    const seconds = Math.max(0, Math.round(ms / 1000));
    const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    return parts.map((each) => String(each).padStart(2, "0")).join(":").replace(/^00:/, "");
  };

  const tick = () => {
    const now = Date.now() + ahead;
    since.textContent = written(now - Date.parse(since.dataset.since));
    until.textContent = written(Date.parse(until.dataset.until) - now);
  };

  tick();
  setInterval(tick, 1000);
}
