// The drawer beside a list: a row opens it, Escape and the back button close it, the focus goes in
// and comes back. Without this script a row is a plain link to the same page.

const NARROW = "(max-width: 1079px)";

export function watchDrawer({ root = document, view = window } = {}) {
  let listPath = "";
  let opened = ""; // the path that is shown in the drawer, "" when it is closed
  let silenced = [];

  const drawer = () => root.querySelector(".split > .drawer");
  const links = () => [...root.querySelectorAll(".split .row-link")];
  const pathOf = (link) => new URL(link.href, view.location).pathname;
  const here = () => view.location.pathname + view.location.search;

  const mark = () => links().forEach((link) => {
    const current = opened !== "" && pathOf(link) === opened;
    link.closest("tr").toggleAttribute("data-current", current);
    if (current) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  });

  const wake = () => {
    silenced.forEach((element) => { element.inert = false; });
    silenced = [];
  };

  const show = (path) => {
    opened = path;
    mark();
    wake();
    if (view.matchMedia(NARROW).matches) silenced = silenceAround(drawer(), root.body);
    drawer().focus({ preventScroll: true });
  };

  const hide = () => {
    const link = links().find((candidate) => pathOf(candidate) === opened);
    opened = "";
    wake();
    mark();
    drawer().hidden = true;
    drawer().replaceChildren();
    link?.focus({ preventScroll: true });
  };

  const close = () => {
    if (here() !== listPath) view.history.back();
    else hide();
  };

  // The first row adds an entry to the history; another one, chosen beside it, takes its place.
  root.addEventListener("htmx:before:history:update", ({ detail }) => {
    if (!detail.sourceElement?.matches?.(".split .row-link")) return;
    if (opened) detail.history.type = "replace";
    else listPath = here();
  });

  root.addEventListener("htmx:before:history:restore", (event) => {
    if (!opened || event.detail.path !== listPath) return;
    event.preventDefault();
    hide();
  });

  root.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    if (ctx.target === root.body) {
      opened = ""; // the whole page was exchanged, and with it whatever was open
      silenced = [];
    }
    if (!drawer()) return;
    if (ctx.target?.id === "drawer") {
      const acted = ctx.request.method !== "GET";
      show(acted ? opened : new URL(ctx.request.action, view.location).pathname);
      if (acted) root.body.dispatchEvent(new CustomEvent("drawer-changed"));
    } else if (opened && (ctx.push || ctx.replace)) {
      hide(); // another tab, page or search: the list moved on
    } else {
      mark(); // the same list, fetched again
    }
  });

  root.addEventListener("click", (event) => {
    if (!opened || !event.target.closest?.("[data-drawer-close]")) return;
    event.preventDefault();
    close();
  });

  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && opened) close();
  });
}

// Makes everything but the drawer and what encloses it unreachable, and returns what was changed.
function silenceAround(drawer, top) {
  const changed = [];
  for (let element = drawer; element !== top; element = element.parentElement) {
    for (const other of element.parentElement.children) {
      if (other === element || other.inert || other.id === "toasts") continue;
      other.inert = true;
      changed.push(other);
    }
  }
  return changed;
}

watchDrawer();
