/** A Shopify storefront: its Ajax cart, its pages, and word when the cart has changed. */

const EVENTS = ["lines", "discount", "note"].map((part) => `shopify:cart:${part}-update`);
const CHANGES = /\/cart\/(add|change|clear|update)\b/;
const TOKEN = /^[\w-]{1,64}$/;

/**
 * Returns `{root, place, read, watch}` of this page, as `cart.js` does for WooCommerce. The root is
 * on the page's own origin, with the language's folder; the checkout's pages load no app's script.
 */
export function openShop(view = window) {
  const root = view.location.origin + view.Shopify.routes.root;
  const place = /^cart\b/.test(view.location.href.slice(root.length)) ? "cart" : "shop";
  const watch = (nudge) => watchChanges(nudge, view);
  return { root, place, read: () => readCart(root), watch };
}

/** Reads the cart under the storefront's root; rejects when the shop answers anything else. */
export async function readCart(root, { fetch = window.fetch.bind(window) } = {}) {
  const answer = await fetch(`${root}cart.js`, { cache: "no-store" });
  if (!answer.ok) throw answer.status;
  return parseCart(await answer.json());
}

/** Returns an Ajax cart in the words of `cart.js`; Shopify itself tells the app what is in it. */
export function parseCart({ token, items }) {
  const lines = items.map(({ variant_id, quantity, product_title, title, image, ...item }) => ({
    id: variant_id,
    quantity,
    name: escaped(product_title || title),
    image: image ? small(image) : "",
    detail: item.variant_title || "",
  }));
  const [id] = token.split("?"); // what follows is a key to the cart: it stays in the browser
  return {
    id: TOKEN.test(id) ? id : "",
    plugin: true,
    hash: lines.length ? JSON.stringify(lines.map((line) => [line.id, line.quantity])) : "",
    known: false,
    country: "",
    lines,
  };
}

/** Names are read as WooCommerce gives them, HTML-escaped; Shopify's are plain text. */
const escaped = (name) => name.replace(/[&<]/g, (sign) => `&#${sign.charCodeAt()};`);

const small = (image) => image + (/\?/.test(image) ? "&" : "?") + "width=120";

/**
 * Calls `nudge` after the theme's standard events, once what they announce has happened; and where
 * a theme has none, after its requests that change a cart, which are only looked at from afar.
 */
export function watchChanges(nudge, view = window) {
  for (const name of EVENTS)
    view.document.addEventListener(name, ({ promise }) =>
      Promise.resolve(promise).then(nudge, nudge),
    );
  new view.PerformanceObserver((list) => {
    if (list.getEntries().some(({ name }) => CHANGES.test(name))) nudge();
  }).observe({ type: "resource" });
}
