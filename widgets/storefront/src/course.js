/** What is done about a cart: ask how the shop wants it, report, then perhaps speak, once. */

import { isPopupDue, isReminderDue } from "./due.js";
import { mayRemember, visitorId } from "./visitor.js";

/* global TEXTS -- how many texts there are, counted by the build */

/** Attends to the cart as `guest.cart` has it now; called again whenever the cart was read. */
export async function attend(guest) {
  const { memory, cart, chunk } = guest;
  const config = await (guest.asked ??= ask(guest));

  const before = memory.read();
  const now = Date.now();
  const away = note(memory, before, { cart, now, minutes: config.reminder?.minutes ?? 30 });
  if (!config.reported && !cart.plugin)
    await (await chunk("report")).report(guest, visitorId(memory, mayRemember(config)));
  if (guest.spoken || away === null) return;
  if (isReminderDue(config, { ...guest, before, away, now })) {
    guest.spoken = memory.write({ away: 0 });
    (await chunk("reminder")).show(guest);
  } else if (!guest.armed && guest.isWelcome()) {
    guest.armed = true;
    (await chunk("watch")).arm(guest);
  }
}

async function ask(guest) {
  const { app, cart, given, memory } = guest;
  guest.country = given.country || cart.country;
  const query = new URLSearchParams({
    country: guest.country,
    locale: given.locale || document.documentElement.lang,
  });
  const config = await app.get(`config.json?${query}`);
  const spoken = Object.entries(config.texts || {}).filter(([, text]) => text);
  config.texts = Object.fromEntries(spoken);
  if (spoken.length < TEXTS)
    config.texts = { ...(await guest.chunk("texts")).ENGLISH, ...config.texts };
  guest.config = config;
  guest.isWelcome = () => {
    const { shown } = memory.read();
    return (
      !guest.spoken &&
      isPopupDue(config, { ...guest, cartId: guest.cartId(), shown, now: Date.now() })
    );
  };
  const seen = () => memory.write({ seen: Date.now() });
  window.addEventListener("blur", seen);
  document.addEventListener("visibilitychange", () => document.hidden && seen());
  return config;
}

/** Notes the cart and the visit; returns the pause before it in ms, or null: not remembered. */
function note(memory, before, { cart, now, minutes }) {
  const pause = now - (before.seen ?? now);
  const away = pause >= minutes * 6e4 ? pause : before.away || 0;
  const touched = cart.hash === before.hash ? before.touched : now;
  return memory.write({ hash: cart.hash, touched, seen: now, away }) ? away : null;
}
