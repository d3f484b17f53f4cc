/** Where in the shop we are, read from the classes that WooCommerce puts on the body. */

const has = (root, name) => root.body.classList.contains(`woocommerce-${name}`);

/** Names the page: "ordered" (thank-you page), "checkout", "cart" or "shop" (everything else). */
export function placeOf(root = document, here = location) {
  if (has(root, "order-received") || /\border-received\b/.test(here.href)) return "ordered";
  if (has(root, "checkout") || root.querySelector("form.checkout, .wp-block-woocommerce-checkout"))
    return "checkout";
  return has(root, "cart") || root.querySelector(".wp-block-woocommerce-cart") ? "cart" : "shop";
}

/** Returns the REST root on the page's own origin (subfolders and plain permalinks included). */
export function restRoot(root = document, here = location) {
  const link = root.querySelector('link[rel="https://api.w.org/"]');
  const { pathname, search } = new URL(link?.href || "/wp-json/", here);
  return here.origin + pathname + search;
}

/** Tells whether the page is held in a hand: no fine pointer, or a narrow window. */
export const isPhone = (view = window) =>
  view.matchMedia("(pointer: coarse), (max-width: 480px)").matches;

/**
 * Returns the cart page's address: as told, else as the theme knows it, else the usual one under
 * the shop's home. Only an address on the page's own origin is believed.
 */
export function cartUrl(told, root, here = location, view = window) {
  const home = new URL(root.replace(/(wp-json|index\.php|\?).*/, ""), here);
  const usual = view.Shopify?.routes ? "cart" : "cart/";
  const url = new URL(told || view.wc_add_to_cart_params?.cart_url || usual, home);
  return url.origin === here.origin ? url.href : new URL(usual, home).href;
}
