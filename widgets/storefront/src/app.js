/** The way to the app: its address comes from the script's own, everything is JSON. */

import { randomHex } from "./memory.js";

const PATIENCE_MS = 8000;

/** Returns the app's interface, for the shop's script at `src` (`{app}/w/{shop}/rebasket.js`). */
export function openApp(src, { fetch = window.fetch.bind(window) } = {}) {
  const url = (path) => new URL(path, src).href;
  const call = (path, options) =>
    fetch(url(path), { credentials: "omit", signal: AbortSignal.timeout(PATIENCE_MS), ...options });
  return {
    url,
    eventId,
    /** Answers the parsed body, or rejects when the app does not say 2xx. */
    get: async (path) => {
      const answer = await call(path);
      if (!answer.ok) throw answer.status;
      return answer.json();
    },
    /** Answers `{ok, status}`, 0 without an answer. The same `event_id` again counts once. */
    post: (path, body) =>
      call(path, {
        method: "POST",
        keepalive: true,
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ schema: 1, event_id: eventId(), ...body }),
      }).catch(() => ({ ok: false, status: 0 })),
  };
}

/** Returns a random UUID (version 4). */
export function eventId() {
  const hex = randomHex();
  const variant = "89ab"[parseInt(hex[16], 16) % 4];
  const third = `4${hex.slice(13, 16)}`;
  const fourth = variant + hex.slice(17, 20);
  return [hex.slice(0, 8), hex.slice(8, 12), third, fourth, hex.slice(20)].join("-");
}
