/** WooCommerce's cart as the Store API tells it, and word when it has changed. */

import { placeOf, restRoot } from "./place.js";

const JQUERY =
  "added_to_cart removed_from_cart updated_cart_totals updated_wc_div applied_coupon " +
  "removed_coupon item_removed_from_classic_cart wc_cart_emptied wc_fragments_refreshed";
const BLOCKS = [
  "wc-blocks_added_to_cart",
  "wc-blocks_removed_from_cart",
  "wc-blocks_store_sync_required",
];

/** Returns `{root, place, read, watch}` of this page: where its cart is, how it is read, watched. */
export function openShop(view = window) {
  const root = restRoot();
  const watch = (nudge) => watchChanges(nudge, view);
  return { root, place: placeOf(), read: () => readCart(root), watch };
}

/** Reads the cart under the REST root; rejects when the shop answers anything but a cart. */
export async function readCart(root, { fetch = window.fetch.bind(window) } = {}) {
  const answer = await fetch(`${root}wc/store/v1/cart`, { cache: "no-store" });
  if (!answer.ok) throw answer.status;
  return parseCart(await answer.json(), answer.headers.get("Cart-Hash"));
}

/**
 * Returns `{id, plugin, hash, known, country, lines}` from a Store API cart.
 *
 * `id` is the plugin's cart id or "". `known` tells whether the shop has the shopper's e-mail
 * address (the address itself is not kept). `country` is "" until the shopper has stated one.
 */
export function parseCart({ items, extensions, billing_address: billing = {} }, hash) {
  const lines = items.map(({ id, type, quantity, name, images, variation }) => ({
    id,
    varies: type === "variation",
    quantity,
    name,
    image: images?.[0]?.thumbnail || images?.[0]?.src || "",
    detail: (variation || []).map(({ value }) => value).join(", "),
  }));
  const plugin = extensions?.rebasket;
  return {
    id: plugin?.cart_id || "",
    plugin: !!plugin,
    hash: lines.length ? hash || JSON.stringify(lines.map((line) => [line.id, line.quantity])) : "",
    known: !!billing.email,
    country: ((billing.postcode || billing.city) && billing.country) || "",
    lines,
  };
}

/** Calls `nudge` after the classic theme's jQuery events and the block theme's own. */
export function watchChanges(nudge, view = window) {
  view.jQuery?.(view.document.body).on?.(JQUERY, nudge);
  for (const name of BLOCKS) {
    view.document.body.addEventListener(name, nudge);
    view.addEventListener(name, nudge);
  }
}
