/** Reports the cart where the shop has no plugin: ids and quantities, nothing a person typed. */

import { randomHex } from "./memory.js";

/**
 * Tells the app how the cart stands, once per change. The id is minted with the first line and kept
 * until an order; where nothing can be kept nothing is reported: each page would be a new cart.
 */
export async function report({ app, memory, cart, place, root }, visitor) {
  const { id = randomHex(), revision = 0, sent } = memory.read();
  const stage = place === "checkout" ? "checkout" : "cart";
  const state = `${stage} ${cart.hash}`;
  if (sent === state) return;
  if (!memory.write({ id, revision: revision + 1 })) return;
  const parents = await parentsOf(cart.lines, root);
  const { ok } = await app.post("carts", {
    cart_id: id,
    visitor_id: visitor,
    changed_at: new Date().toISOString(),
    revision: revision + 1,
    stage,
    lines: cart.lines.map((line) => triple(line, parents)),
  });
  if (ok) memory.write({ sent: state });
}

/**
 * Returns a line as `[product_id, variation_id, quantity]`. A variation whose product the shop does
 * not name stands in both places.
 */
export const triple = ({ id, varies, quantity }, parents = {}) =>
  varies ? [parents[id] || id, id, quantity] : [id, 0, quantity];

/** Returns the product of each variation: the cart names only the variation, the catalogue both. */
async function parentsOf(lines, root, { fetch = window.fetch.bind(window) } = {}) {
  const varying = lines.filter(({ varies }) => varies).map(({ id }) => id);
  if (!varying.length) return {};
  const joint = root.includes("?") ? "&" : "?";
  try {
    const answer = await fetch(
      `${root}wc/store/v1/products${joint}type=variation&per_page=100&include=${varying}`,
    );
    return Object.fromEntries((await answer.json()).map(({ id, parent }) => [id, parent]));
  } catch {
    return {};
  }
}
