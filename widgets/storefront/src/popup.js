/** The pop-up itself: shows the cart and offers to mail a link to it. */

import { listLines, make } from "./dom.js";
import { askForAddress } from "./form.js";
import { openLayer } from "./layer.js";
import { isPhone } from "./place.js";
import css from "./popup.css";
import { speaker } from "./speak.js";

/** Opens it over the page: a modal dialog, or on a phone a low sheet beside a usable page. */
export function open(guest) {
  const text = speaker(guest.config);
  const layer = openLayer(guest.config, css);
  const dialog = make("dialog", { "aria-labelledby": "title", tabIndex: -1 });
  const close = () => dialog.close();
  dialog.onclose = layer.remove;
  dialog.addEventListener("keydown", (event) => event.key === "Escape" && close());
  layer.root.append(dialog);
  (isPhone() ? openSheet : openBox)(dialog, { guest, text, close });
}

function openBox(dialog, { guest, text, close }) {
  const { config, cart } = guest;
  dialog.className = "box";
  dialog.append(
    logo(config.brand),
    heading(text("popup_title")),
    make("p", { className: "intro", textContent: text("popup_text") }),
    listLines(cart.lines, text),
    askForAddress(guest, text, { close, done: () => thank(dialog, text, close) }),
    cross(text, close),
  );
  dialog.addEventListener("pointerdown", (event) => isOutside(dialog, event) && close());
  dialog.showModal();
}

/** The sheet asks in two steps, so that neither is higher than a quarter of the screen. */
function openSheet(dialog, { guest, text, close }) {
  const title = heading(text("popup_title"));
  const done = () => thank(dialog, text, close);
  const form = askForAddress(guest, text, { phone: true, close, done });
  const onclick = () => {
    dialog.classList.add("asking");
    dialog.replaceChildren(title, form, cross(text, close));
    form.elements.email.focus();
  };
  const onward = make("button", { className: "main", textContent: text("send"), onclick });
  const lines = listLines(guest.cart.lines, text);
  dialog.className = "sheet";
  dialog.append(make("div", { className: "peek" }, title, lines, onward), cross(text, close));
  keepAboveKeyboard(dialog);
  dialog.show();
  dialog.focus(); // not the button: nobody asked for a ring round it
}

function thank(dialog, text, close) {
  const words = make("p", { textContent: text("done_text") });
  const button = make("button", {
    className: "main",
    textContent: text("close"),
    onclick: close,
  });
  dialog.replaceChildren(
    make("div", { className: "thanks", role: "status" }, heading(text("done_title")), words),
    button,
  );
  button.focus();
}

const heading = (textContent) => make("h2", { id: "title", textContent });

const cross = (text, onclick) =>
  make("button", { className: "cross", "aria-label": text("close"), onclick });

function logo({ logo: src, name = "" } = {}) {
  if (!src) return "";
  return make("img", {
    className: "logo",
    src,
    alt: name,
    onerror: ({ target }) => target.remove(),
  });
}

function isOutside(dialog, { clientX, clientY }) {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}

/** Keeps the sheet in view while a phone's keyboard covers the lower part of the page. */
function keepAboveKeyboard(dialog, view = window.visualViewport) {
  const place = () => {
    dialog.style.bottom = `${Math.max(innerHeight - view.height - view.offsetTop, 0)}px`;
  };
  view?.addEventListener("resize", place);
  dialog.addEventListener("close", () => view?.removeEventListener("resize", place));
}
