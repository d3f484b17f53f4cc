/** The layer that we draw on: a shadow root in no one's way, in the shop's colours and typeface. */

import { make } from "./dom.js";

/** Returns `{root, remove}`: a shadow root with our styles over the page, which does not move. */
export function openLayer({ brand = {}, dir } = {}, css) {
  const host = make("div", {
    "data-rebasket": "",
    dir: dir || getComputedStyle(document.documentElement).direction,
  });
  // The page's own rules must not reach the host; set through the CSSOM, which no CSP forbids.
  for (const [name, value] of Object.entries({
    all: "initial",
    position: "fixed",
    "font-family": "inherit",
    direction: host.dir,
    "z-index": 2147483000,
  }))
    host.style.setProperty(name, value, "important");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];
  for (const [name, value] of Object.entries(palette(brand)))
    host.style.setProperty(`--${name}`, value);
  document.body.append(host);
  return { root, remove: () => host.remove() };
}

/** The colours but the accent: on a light page, on a dark one. */
const SHADES = {
  scheme: ["light", "dark"],
  surface: ["#fff", "#1d1e22"],
  ink: ["#1c1d22", "#f4f4f2"],
  soft: ["#5a5c66", "#b4b5bb"],
  rule: ["#e3e3e0", "#4a4b52"],
  field: ["#85868e", "#8a8b93"],
  wash: ["#f5f5f2", "#2a2b30"],
  wrong: ["#b3261e", "#ffb0a6"],
};

/** Returns what to draw with; text on the accent is black or white, whichever reads better. */
export function palette({ accent, surface, radius } = {}, page = pageColour()) {
  const dark = surface ? surface === "dark" : luminance(page) < 0.18;
  const shades = Object.entries(SHADES).map(([name, pair]) => [name, pair[+dark]]);
  const colour = rgb(accent) ? accent : SHADES.ink[+dark];
  return {
    ...Object.fromEntries(shades),
    accent: colour,
    "on-accent": luminance(rgb(colour)) > 0.179 ? "#000" : "#fff",
    radius: `${Math.min(radius ?? 14, 28)}px`,
  };
}

/** Returns `[red, green, blue]` of "#rrggbb" or "rgb(…)"; null for all else and the see-through. */
export function rgb(colour = "") {
  const hex =
    /^#[\da-f]{6}$/i.test(colour) && colour.match(/[\da-f]{2}/gi).map((pair) => parseInt(pair, 16));
  const [red, green, blue, alpha] = hex || colour.match(/[\d.]+/g) || [];
  return hex || (/^rgb/.test(colour) && alpha !== "0") ? [red, green, blue].map(Number) : null;
}

/** Returns the relative luminance of a colour, 0 to 1 (WCAG 2.2). */
export function luminance([red, green, blue]) {
  const light = (part) =>
    (part /= 255) <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  return 0.2126 * light(red) + 0.7152 * light(green) + 0.0722 * light(blue);
}

function pageColour() {
  const of = (element) => rgb(getComputedStyle(element).backgroundColor);
  return of(document.body) || of(document.documentElement) || [255, 255, 255];
}
