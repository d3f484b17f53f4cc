/** Waits for the shopper to leave, then fetches and opens the pop-up, if it is still welcome. */

import { watchExit, watchReturn } from "./exit.js";
import { isPhone } from "./place.js";
import { isFromSearch } from "./search.js";

const BUSY = "dialog[open], [aria-modal=true], .modal-open";
const TYPING = "input, textarea, select, [contenteditable]";
const TOO_LATE_MS = 2000;

/** Arms the pop-up once for this page view; on a phone not on the first view from a search. */
export function arm(guest) {
  const touch = matchMedia("(pointer: coarse)").matches;
  if ((touch || isPhone()) && isFromSearch()) return;
  const watch = () => (touch ? watchReturn : watchExit)(leave);
  const leave = () => {
    if (document.querySelector(BUSY) || document.activeElement?.matches(TYPING)) watch();
    else speak(guest).catch(() => {});
  };
  const wait = (guest.config.popup.after_seconds ?? 3) * 1000 - performance.now();
  setTimeout(watch, Math.max(wait, 0));
}

async function speak(guest) {
  const left = Date.now();
  const { open } = await guest.chunk("popup");
  const now = Date.now();
  if (now - left > TOO_LATE_MS || !guest.isWelcome()) return;
  guest.spoken = guest.memory.write({ shown: now });
  if (guest.spoken) open(guest);
}
