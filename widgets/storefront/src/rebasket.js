/**
 * What every page of the shop loads: a guest that starts after everything else, never throws and
 * fetches the rest only when it is needed. See ../README.md for what it asks and says.
 */

import { openApp } from "./app.js";
import { start } from "./guest.js";

/* global CHUNKS */

function whenQuiet(work, view = window) {
  const idle = () =>
    view.requestIdleCallback
      ? view.requestIdleCallback(work, { timeout: 4000 })
      : setTimeout(work, 200);
  if (view.document.readyState === "complete") idle();
  else view.addEventListener("load", idle, { once: true });
}

const script = document.currentScript;
if (script?.src && !window.Rebasket) {
  window.Rebasket = { version: CHUNKS };
  whenQuiet(() => {
    const app = openApp(script.src);
    const chunk = (name) => import(app.url(`${name}.js?v=${CHUNKS}`));
    start({ app, chunk, given: script.dataset }).catch(() => {});
  });
}
