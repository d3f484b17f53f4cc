/** When a shopper may be spoken to: pure decisions over what was remembered. */

const DAY_MS = 864e5;
const MINUTE_MS = 6e4;

/**
 * Tells whether the pop-up may be shown: asked for by the shop, with a wording to show, on a cart
 * that can be named, not while paying, and not within `days` (7) of the last time. With the plugin,
 * a shopper whose address the shop has already is not asked again.
 */
export function isPopupDue({ popup, consent }, { cart, cartId, place, shown = 0, now }) {
  return !!(
    popup?.enabled &&
    consent?.wording &&
    cartId &&
    cart.lines.length &&
    place !== "checkout" &&
    place !== "ordered" &&
    !(cart.plugin && cart.known) &&
    now - shown >= (popup.days ?? 7) * DAY_MS
  );
}

/**
 * Tells whether the reminder may be shown: a visit after a pause of `minutes` (30), with the cart
 * as it was left and untouched for as long, once in a visit, and not where the cart is in view.
 */
export function isReminderDue({ reminder }, { cart, place, before, away, now }) {
  const pause = (reminder?.minutes ?? 30) * MINUTE_MS;
  return !!(
    reminder?.enabled &&
    cart.lines.length &&
    place === "shop" &&
    cart.hash === before.hash &&
    away >= pause &&
    now - before.touched >= pause
  );
}
