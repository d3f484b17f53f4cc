/** The cart reminder: a small card for a shopper who comes back to a cart left behind. */

import { listLines, make } from "./dom.js";
import { isPhone, openLayer } from "./layer.js";
import css from "./reminder.css";
import { speaker } from "./speak.js";

/** Shows the card; it takes no focus, blocks nothing and goes with one tap, or Escape within it. */
export function show({ config, cart, given }) {
  const text = speaker(config);
  const layer = openLayer(config, css);
  const card = make(
    "section",
    { className: isPhone() ? "sheet" : "card", "aria-labelledby": "title" },
    make("h2", { id: "title", textContent: text("reminder_title") }),
    listLines(cart.lines, text),
    make("a", { className: "main", href: cartUrl(given.cartUrl || config.pages?.cart), textContent: text("reminder_button") }),
    make("button", { type: "button", className: "cross", "aria-label": text("close"), onclick: layer.remove }),
  );
  card.onkeydown = (event) => event.key === "Escape" && layer.remove();
  layer.root.append(card);
}

/** Returns the cart page's address: only one on the page's own origin is believed. */
export function cartUrl(given, here = location, view = window) {
  const stated = given || view.wc_add_to_cart_params?.cart_url || "/cart/";
  const url = new URL(stated, here);
  return url.origin === here.origin ? url.href : new URL("/cart/", here).href;
}
