/* The admin's side of the frame: tokens for the app, its menu, its title, its save bar, its toasts. */

const frame = document.querySelector("iframe#app");
const bar = document.querySelector("#save-bar");
const menu = document.querySelector("#app-nav");
const leaving = document.querySelector("#leaving");
const shop = document.title.split(" · ").slice(-2).join(" · ");
let onward = null;

function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

const say = (message) => frame.contentWindow.postMessage(message, frame.dataset.origin);
const told = async (path) => (await fetch(`/admin/internal/${path}`)).json();

const HEARD = {
  idToken: async ({ id }) => say({ answer: id, value: (await told("id-token")).token }),
  extensions: async ({ id }) => say({ answer: id, value: await told("extensions") }),
  menu: ({ items }) => {
    const links = items.filter(({ home }) => !home);
    menu?.replaceChildren(...links.map(({ label, href }) => make("a", { textContent: label, href: frame.dataset.home + href })));
    for (const link of menu?.children ?? []) link.dataset.app = link.getAttribute("href").slice(frame.dataset.home.length);
    mark();
  },
  place: ({ path, title }) => {
    document.title = `${title} · ${shop}`;
    history.replaceState(null, "", frame.dataset.home + (path === "/" ? "" : path));
    mark();
  },
  loading: ({ on }) => document.body.toggleAttribute("data-loading", on),
  saveBar: ({ on }) => {
    bar.hidden = !on;
    if (!on || bar.children.length) return;
    const discard = make("button", { textContent: "Discard", onclick: () => say({ admin: "discard" }) });
    const save = make("button", { textContent: "Save", className: "main", onclick: () => say({ admin: "save" }) });
    bar.append(make("span", { textContent: "Unsaved changes" }), discard, save);
  },
  toast: ({ text, isError, duration }) => {
    const toasts = document.querySelector("#toasts");
    if (!text) return toasts.replaceChildren();
    const line = make("p", { textContent: text, className: isError ? "bad" : "" });
    toasts.append(line);
    setTimeout(() => line.remove(), duration);
  },
};

function mark() {
  const here = location.pathname;
  for (const link of menu?.children ?? [])
    link.toggleAttribute("aria-current", new URL(link.href).pathname === here);
}

addEventListener("message", ({ origin, source, data }) => {
  if (frame && origin === frame.dataset.origin && source === frame.contentWindow) HEARD[data.bridge]?.(data);
});

/* With unsaved changes every way out asks first. */
document.addEventListener("click", (event) => {
  const link = event.target.closest("nav.menu a, header.top a");
  if (!link || !frame) return;
  const go = () => (link.dataset.app ? say({ admin: "navigate", href: link.dataset.app }) : location.assign(link.href));
  if (!link.dataset.app && bar.hidden) return;
  event.preventDefault();
  if (bar.hidden) return go();
  onward = go;
  const stay = make("button", { textContent: "Stay", onclick: () => leaving.close() });
  const leave = make("button", { textContent: "Leave page", className: "bad", onclick: depart });
  leaving.replaceChildren(
    make("h2", { textContent: "Leave page with unsaved changes?" }),
    make("p", { textContent: "Leaving this page will delete all unsaved changes." }),
    make("div", { className: "row" }, stay, leave),
  );
  leaving.showModal();
});

function depart() {
  leaving.close();
  bar.hidden = true;
  say({ admin: "leave" });
  onward?.();
}

addEventListener("beforeunload", (event) => bar && !bar.hidden && event.preventDefault());
