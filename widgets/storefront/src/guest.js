/** The guest's course through one page view: look at the cart; with nothing in it, nothing more. */

import { openShop } from "./cart.js";
import { clickRef, whenSeen } from "./landing.js";
import { FORGOTTEN, openMemory } from "./memory.js";
import { watchCart } from "./watching.js";

/**
 * Starts the guest. `given` is what the script tag carries (`data-country`, `data-locale`,
 * `data-cart-url`, `data-click`); `chunk(name)` fetches code on need.
 */
export async function start({ app, chunk, given }) {
  const memory = openMemory();
  const guest = { app, chunk, given, memory, cart: { lines: [] } };
  guest.cartId = () => guest.cart.id || (guest.cart.plugin ? "" : memory.read().id) || "";

  const ref = given.click || clickRef();
  if (ref) whenSeen(() => app.post("landings", { click_ref: ref, cart_id: guest.cartId() }));

  const shop = (window.Shopify?.routes ? await chunk("shopify") : { openShop }).openShop();
  const { place, root } = shop;
  Object.assign(guest, { place, root });
  const look = async () => {
    guest.cart = await shop.read();
    const kept = guest.cart.lines.length;
    if (place === "ordered" && !kept) memory.write(FORGOTTEN);
    else if (kept || memory.read().id) await (await chunk("course")).attend(guest);
  };
  let turn = Promise.resolve(); // one look after the other, so that one change is one report
  const quietly = () => (turn = turn.then(look).catch(() => {}));
  watchCart(quietly, shop.watch);
  await quietly();
}
