/** The report that a restore link was followed by a person: the page ran and was looked at. */

/** Returns the click's reference from the page's address, or "". */
export function clickRef(search = location.search) {
  const query = new URLSearchParams(search);
  const ref = query.get("utm_source") === "rebasket" ? query.get("utm_content") : "";
  return /^[\w-]{8,64}$/.test(ref) ? ref : "";
}

/** Calls `seen` once, when the page has been visible for `ms` without a break. */
export function whenSeen(seen, { root = document, ms = 1000 } = {}) {
  let timer;
  const look = () => {
    clearTimeout(timer);
    if (root.hidden) return;
    timer = setTimeout(() => {
      root.removeEventListener("visibilitychange", look);
      seen();
    }, ms);
  };
  root.addEventListener("visibilitychange", look);
  look();
}
