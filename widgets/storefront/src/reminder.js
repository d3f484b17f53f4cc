/** The cart reminder: a small card for a shopper who comes back to a cart left behind. */

import { listLines, make } from "./dom.js";
import { openLayer } from "./layer.js";
import { cartUrl, isPhone } from "./place.js";
import css from "./reminder.css";
import { speaker } from "./speak.js";

/** Shows the card; it takes no focus, blocks nothing and goes with one tap, or Escape within it. */
export function show({ config, cart, given, root }) {
  const text = speaker(config);
  const layer = openLayer(config, css);
  const card = make(
    "section",
    { className: isPhone() ? "sheet" : "card", "aria-labelledby": "title" },
    make("h2", { id: "title", textContent: text("reminder_title") }),
    listLines(cart.lines, text),
    make("a", {
      className: "main",
      href: cartUrl(given.cartUrl || config.pages?.cart, root),
      textContent: text("reminder_button"),
    }),
    make("button", {
      type: "button",
      className: "cross",
      "aria-label": text("close"),
      onclick: layer.remove,
    }),
  );
  card.addEventListener("keydown", (event) => event.key === "Escape" && layer.remove());
  layer.root.append(card);
}
