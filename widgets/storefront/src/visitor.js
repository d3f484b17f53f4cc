/** The visitor's own id: random, ours, and only where it may be stored. */

import { randomHex } from "./memory.js";

/** Tells whether a visitor id may be stored: the shopper's signals first, then the shop's word. */
export function mayRemember(config, view = window) {
  const { doNotTrack, globalPrivacyControl } = view.navigator;
  if (globalPrivacyControl || (doNotTrack ?? view.doNotTrack) === "1") return false;
  if (typeof view.wp_has_consent === "function") return view.wp_has_consent("marketing") === true;
  return config.visitor === true;
}

/** Returns the visitor's random id; "" where none may be stored, and an old one is forgotten. */
export function visitorId(memory, allowed) {
  const { visitor } = memory.read();
  if (!allowed) {
    if (visitor) memory.write({ visitor: undefined });
    return "";
  }
  const id = visitor || randomHex();
  return visitor || memory.write({ visitor: id }) ? id : "";
}
