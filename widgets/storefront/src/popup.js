/** The exit-intent pop-up: shows the cart and offers to mail a link to it, once. */

import { watchExit, watchReturn } from "./exit.js";
import { askForAddress } from "./form.js";
import { listLines, make } from "./dom.js";
import { isPhone, openLayer } from "./layer.js";
import css from "./popup.css";
import { isFromSearch } from "./search.js";
import { speaker } from "./speak.js";

const BUSY = "dialog[open], [aria-modal=true], .modal-open";
const TYPING = "input, textarea, select, [contenteditable]";

/** Waits for the shopper to leave, then opens the pop-up, if it is still welcome. */
export function arm(guest) {
  const { popup } = guest.config;
  const touch = matchMedia("(pointer: coarse)").matches;
  if ((touch || isPhone()) && isFromSearch()) return;
  const watch = () => (touch ? watchReturn(leave) : watchExit(leave));
  const leave = () => {
    if (document.querySelector(BUSY) || document.activeElement?.matches(TYPING)) watch();
    else if (guest.isWelcome() && guest.memory.write({ shown: Date.now() })) open(guest);
  };
  setTimeout(watch, Math.max((popup.after_seconds ?? 3) * 1000 - performance.now(), 0));
}

/** Opens the pop-up over the page: a modal dialog, or on a phone a low sheet that leaves the page usable. */
export function open(guest) {
  const { config, cart } = guest;
  const text = speaker(config);
  const phone = isPhone();
  const layer = openLayer(config, css);
  const dialog = make("dialog", { className: phone ? "sheet" : "box", "aria-labelledby": "title" });
  const close = () => dialog.close();
  const form = askForAddress(guest, text, { phone, close, done: () => thank(dialog, text, close) });
  const title = make("h2", { id: "title", textContent: text("popup_title") });
  if (phone) {
    const onward = make("button", { type: "button", className: "main", textContent: text("send") });
    const peek = make("div", { className: "peek" }, title, listLines(cart.lines, text), onward);
    onward.onclick = () => {
      dialog.replaceChildren(title, form, cross(text, close));
      dialog.classList.add("asking");
      form.elements.email.focus();
    };
    dialog.append(peek, cross(text, close));
    keepAboveKeyboard(dialog);
  } else {
    const intro = make("p", { className: "intro", textContent: text("popup_text") });
    dialog.append(...[logo(config.brand), title, intro, listLines(cart.lines, text), form, cross(text, close)].filter(Boolean));
  }
  dialog.onclose = layer.remove;
  dialog.onkeydown = (event) => event.key === "Escape" && close();
  dialog.onpointerdown = (event) => event.target === dialog && !phone && isOutside(dialog, event) && close();
  layer.root.append(dialog);
  if (phone) dialog.show();
  else dialog.showModal();
}

function thank(dialog, text, close) {
  const title = make("h2", { id: "title", textContent: text("done_title") });
  const words = make("div", { className: "thanks", role: "status" }, title, make("p", { textContent: text("done_text") }));
  const button = make("button", { type: "button", className: "main", textContent: text("close"), onclick: close });
  dialog.replaceChildren(words, button);
  button.focus();
}

function cross(text, close) {
  return make("button", { type: "button", className: "cross", "aria-label": text("close"), onclick: close });
}

function logo({ logo: src, name = "" } = {}) {
  return src && make("img", { className: "logo", src, alt: name, onerror: (event) => event.target.remove() });
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
