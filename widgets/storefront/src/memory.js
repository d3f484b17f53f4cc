/** What the shopper's own browser remembers for us: one entry in localStorage, never a cookie. */

const KEY = "rebasket";

/** What to write when the cart has become an order. */
export const FORGOTTEN = {
  id: undefined,
  revision: undefined,
  sent: undefined,
  hash: undefined,
  touched: undefined,
};

/** Returns a memory whose `write` answers whether it will be remembered; nothing here throws. */
export function openMemory(view = window) {
  const read = () => {
    try {
      return JSON.parse(view.localStorage.getItem(KEY)) || {};
    } catch {
      return {};
    }
  };
  const write = (patch) => {
    try {
      view.localStorage.setItem(KEY, JSON.stringify({ ...read(), ...patch }));
      return true;
    } catch {
      return false;
    }
  };
  return { read, write };
}

/** Returns 32 random hexadecimal characters; works on plain http, where randomUUID is missing. */
export const randomHex = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
