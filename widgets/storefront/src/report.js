/** Reports the cart where the shop has no plugin: ids and quantities, nothing a person typed. */

import { randomHex } from "./memory.js";

/**
 * Tells the app how the cart stands, once per change. The id is minted with the first line and kept
 * until an order; where nothing can be kept, nothing is reported, for each page would be a new cart.
 */
export async function report({ app, memory, cart, place }, visitor) {
  const { id = randomHex(), revision = 0, sent } = memory.read();
  const stage = place === "checkout" ? "checkout" : "cart";
  const state = `${stage} ${cart.hash}`;
  if (sent === state) return;
  if (!memory.write({ id, revision: revision + 1 })) return;
  const { ok } = await app.post("carts", {
    cart_id: id,
    visitor_id: visitor,
    changed_at: new Date().toISOString(),
    revision: revision + 1,
    stage,
    lines: cart.lines.map(triple),
  });
  if (ok) memory.write({ sent: state });
}

/** A line as `[product_id, variation_id, quantity]`; the Store API does not name a variation's parent. */
export const triple = ({ id, varies, quantity }) => (varies ? [0, id, quantity] : [id, 0, quantity]);
