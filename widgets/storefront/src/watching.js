/** Word that the cart may have changed. */

/**
 * Calls `nudge` soon after anything that may have changed the cart: what the shop's own `watch`
 * hears, and the page coming back into view. Bursts become one call.
 */
export function watchCart(nudge, watch, { view = window, wait = 500 } = {}) {
  let timer;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(nudge, wait);
  };
  watch(soon);
  view.addEventListener("focus", soon);
  view.document.addEventListener("visibilitychange", () => view.document.hidden || soon());
}
