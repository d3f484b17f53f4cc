/** Signs that a shopper is leaving. A watcher calls `leave` once at most and can be stopped. */

/**
 * Watches a pointer that leaves through the top and stays away for `delay` ms.
 * `sensitivity`: how near to the upper edge, in pixels.
 */
export function watchExit(
  leave,
  { root = document.documentElement, sensitivity = 20, delay = 250 } = {},
) {
  let timer;
  const out = (event) => {
    if (event.clientY <= sensitivity) timer = setTimeout(() => (stop(), leave()), delay);
  };
  const back = () => clearTimeout(timer);
  const stop = () => {
    back();
    root.removeEventListener("mouseleave", out);
    root.removeEventListener("mouseenter", back);
  };
  root.addEventListener("mouseleave", out);
  root.addEventListener("mouseenter", back);
  return stop;
}

/**
 * Watches a phone: a fast scroll upwards (`speed` px per ms over `distance` px), or the page hidden
 * for `away` ms and looked at again.
 */
export function watchReturn(
  leave,
  { view = window, speed = 1.5, distance = 300, away = 3000, now = Date.now } = {},
) {
  const root = view.document;
  let from = { y: view.scrollY, at: now() };
  let last = from.y;
  let hiddenAt = 0;
  const done = () => (stop(), leave());
  const scrolled = () => {
    const y = view.scrollY;
    const at = now();
    if (y >= last) from = { y, at };
    else if (at - from.at > 1000) from = { y: last, at };
    last = y;
    const risen = from.y - y;
    if (risen >= distance && risen / Math.max(at - from.at, 1) >= speed) done();
  };
  const turned = () => {
    if (root.hidden) hiddenAt = now();
    else if (hiddenAt && now() - hiddenAt >= away) done();
  };
  const stop = () => {
    view.removeEventListener("scroll", scrolled);
    root.removeEventListener("visibilitychange", turned);
  };
  view.addEventListener("scroll", scrolled, { passive: true });
  root.addEventListener("visibilitychange", turned);
  return stop;
}
