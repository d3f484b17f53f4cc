// Pages inside a platform's admin: the address without what the admin added, the menu's clicks, the
// title in the admin's bar, the focus after a page was exchanged, a question before work is lost.

const OURS = ["arrived", "again"];

export function watchAdmin({ root = document, view = window } = {}) {
  const bridge = () => view.shopify;

  const clean = () => {
    const names = root.querySelector('meta[name="admin-query"]')?.content.split(" ") ?? [];
    const url = new URL(view.location);
    [...names, ...OURS].forEach((name) => name && url.searchParams.delete(name));
    if (url.href !== view.location.href) view.history.replaceState(view.history.state, "", url);
  };

  const title = () => {
    root.getElementById("app-title")?.setAttribute("heading", root.title);
  };

  const go = (url) => view.htmx.ajax("GET", url, {
    target: "body", swap: "innerHTML show:none", push: "true", headers: { "HX-Boosted": "true" },
  });

  // The admin's menu asks with an event; where nobody answers it, it loads the whole page.
  root.addEventListener("shopify:navigate", (event) => {
    const href = event.target?.getAttribute?.("href");
    const url = href && new URL(href, view.location);
    if (!url || url.origin !== view.location.origin) return;
    event.preventDefault();
    leaving().then(() => go(url.pathname + url.search), stay);
  });

  // A form with unsaved changes: the admin shows its save bar, and asks before they are lost.
  let changed = null;
  const leaving = async () => {
    if (!changed?.isConnected) return;
    await bridge()?.saveBar?.leaveConfirmation?.(); // fails where the person stays
    changed = null;
  };
  const stay = () => {};
  root.addEventListener("input", (event) => {
    changed = event.target.closest?.("form[data-save-bar]") ?? changed;
  });
  root.addEventListener("reset", () => { changed = null; });
  root.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || !changed?.isConnected || link.target === "_blank") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    leaving().then(() => link.click(), stay);
  }, true);

  // A refused form is the same page still: going back must not find it twice.
  root.addEventListener("htmx:before:history:update", (event) => {
    const { sourceElement, response } = event.detail;
    const posted = sourceElement?.matches?.("form[method=post]");
    if (posted && !response?.raw?.redirected) event.preventDefault();
  });

  // The newest page asked for is the one to show: the answer to a form that was just sent, or to an
  // older click, must not come in over it.
  let newest = null;
  root.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
    if (ctx.target !== root.body) return;
    newest = ctx;
    bridge()?.loading?.(true);
  });
  root.addEventListener("htmx:before:swap", (event) => {
    const { ctx } = event.detail;
    if (ctx.target === root.body && ctx !== newest) event.preventDefault();
  });

  root.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
    if (ctx.target !== root.body) return;
    bridge()?.loading?.(false);
    title();
  });

  root.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    if (ctx.target !== root.body) return;
    changed = null;
    // By ourselves: htmx would scroll the admin around the frame, too.
    const { anchor, headers } = ctx.request;
    if (!anchor && !headers["HX-History-Restore-Request"]) view.scrollTo(0, 0);
    const active = root.activeElement;
    if (!active || active === root.body) root.getElementById("main")?.focus({ preventScroll: true });
  });

  clean();
  title();
}

watchAdmin();
