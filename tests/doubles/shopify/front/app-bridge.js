/* A stand-in for App Bridge: what the app's page in the frame says to the admin around it, and what
   the admin answers. It keeps to what Shopify documents; no line of theirs is in it. */
(() => {
  const admin = location.ancestorOrigins?.[0];
  const script = document.currentScript;
  const given = new URLSearchParams(location.search);
  const meta = (name) => document.querySelector(`meta[name="shopify-${name}"]`)?.content;
  const waiting = new Map();
  let count = 0;

  const tell = (kind, data = {}) => admin && parent.postMessage({ bridge: kind, ...data }, admin);
  const ask = (kind) =>
    new Promise((done, fail) => {
      if (!admin) return fail(new Error("This page is not in the admin."));
      waiting.set(++count, done);
      tell(kind, { id: count });
    });

  addEventListener("message", ({ origin, source, data }) => {
    if (origin !== admin || source !== parent) return;
    if (data.answer) {
      waiting.get(data.answer)?.(data.value);
      waiting.delete(data.answer);
    } else HEARD[data.admin]?.(data);
  });

  window.shopify = {
    config: {
      apiKey: meta("api-key") || script.dataset.apiKey,
      shop: given.get("shop") || "",
      host: given.get("host") || "",
      locale: given.get("locale") || "en",
    },
    environment: { embedded: !!admin, mobile: false, pos: false },
    origin: admin,
    ready: Promise.resolve(),
    idToken: () => ask("idToken"),
    app: { extensions: () => ask("extensions") },
    loading: (on = true) => tell("loading", { on }),
    toast: {
      show: (text, { isError = false, duration = 5000 } = {}) => {
        tell("toast", { text: String(text), isError, duration });
        return String(++count);
      },
      hide: () => tell("toast", { text: "" }),
    },
    saveBar: {
      show: async () => showBar(true),
      hide: async () => showBar(false),
      leaveConfirmation: async () => {
        if (dirty && !confirm("Leave this page? What you changed is not saved.")) throw new Error("stayed");
      },
    },
  };

  /* Requests to the app carry a fresh ID token; one that had expired on the way is tried once more. */
  const plain = window.fetch.bind(window);
  window.fetch = async (input, options) => {
    const request = new Request(input, options);
    if (new URL(request.url).origin !== location.origin || !admin) return plain(input, options);
    const again = request.clone();
    const answer = await plain(await signed(request));
    const expired = answer.headers.get("X-Shopify-Retry-Invalid-Session-Request");
    return answer.status === 401 && expired ? plain(await signed(again)) : answer;
  };

  async function signed(request) {
    const headers = new Headers(request.headers);
    if (!headers.has("Authorization"))
      headers.set("Authorization", `Bearer ${await shopify.idToken()}`);
    headers.set("Accept-Language", shopify.config.locale);
    return new Request(request, { headers });
  }

  /* A page that holds nothing but this script asks for a token and goes where it was meant to go. */
  const target = given.get("shopify-reload");
  if (target && admin) {
    const url = new URL(target, location.href);
    if (url.origin === location.origin)
      shopify.idToken().then((token) => {
        url.searchParams.set("id_token", token);
        location.replace(url);
      });
    return;
  }

  /* The app's menu stands in the admin's. */
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("s-app-nav, ui-nav-menu { display: none }");
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  const path = () => location.pathname + cleaned(location.search);
  const cleaned = (search) => {
    const query = new URLSearchParams(search);
    for (const own of ["id_token", "hmac", "timestamp", "session", "embedded", "host", "shop", "locale"])
      query.delete(own);
    return query.size ? `?${query}` : "";
  };
  const sayMenu = () => {
    const links = [...document.querySelectorAll("s-app-nav a, s-app-nav s-link, ui-nav-menu a")];
    const items = links.map((link) => ({
      label: link.textContent.trim(),
      href: link.getAttribute("href"),
      home: link.getAttribute("rel") === "home",
    }));
    tell("menu", { items });
  };
  const sayPlace = () => tell("place", { path: path(), title: document.title });
  for (const name of ["pushState", "replaceState"]) {
    const own = history[name].bind(history);
    history[name] = (...what) => (own(...what), sayPlace());
  }
  addEventListener("popstate", sayPlace);

  function follow({ href }) {
    const links = document.querySelectorAll("s-app-nav [href], ui-nav-menu [href]");
    const link = [...links].find((one) => one.getAttribute("href") === href) || document.body;
    const event = new CustomEvent("shopify:navigate", { bubbles: true, cancelable: true });
    if (link.dispatchEvent(event)) location.assign(href);
  }

  /* Forms with `data-save-bar` have their Save and Discard in the admin's head. */
  let dirty = null;
  const barForm = (node) => node.closest?.("form[data-save-bar]") || node.form?.closest("form[data-save-bar]");
  const same = (field) => {
    if (field.type === "checkbox" || field.type === "radio") return field.checked === field.defaultChecked;
    if (field.tagName === "SELECT") {
      const chosen = [...field.options].some((option) => option.defaultSelected);
      return [...field.options].every((option, place) =>
        chosen ? option.selected === option.defaultSelected : option.selected === (place === 0));
    }
    return field.value === field.defaultValue;
  };
  const showBar = (on) => tell("saveBar", { on });
  const look = (form) => {
    const changed = [...form.elements].some((field) => field.name && "form" in field && field.tagName !== "BUTTON"
      && field.type !== "hidden" && field.type !== "submit" && !same(field));
    dirty = changed ? form : null;
    showBar(changed);
  };
  const typed = ({ target: node }) => {
    const form = barForm(node);
    if (form) look(form);
  };
  addEventListener("input", typed);
  addEventListener("change", typed);
  addEventListener("reset", ({ target: form }) => setTimeout(() => barForm(form) && look(form)));
  addEventListener("submit", ({ target: form }) => {
    if (form === dirty) (dirty = null), showBar(false);
  });
  addEventListener("beforeunload", (event) => dirty?.isConnected && event.preventDefault());

  const HEARD = {
    save: () => dirty?.requestSubmit(),
    discard: () => dirty?.reset(),
    leave: () => (dirty = null),
    navigate: follow,
  };

  const begin = () => {
    sayMenu();
    sayPlace();
    tell("loading", { on: false });
    new MutationObserver(() => {
      sayMenu();
      if (dirty && !dirty.isConnected) (dirty = null), showBar(false);
    }).observe(document.body, { childList: true, subtree: true });
    const title = document.querySelector("title");
    if (title) new MutationObserver(sayPlace).observe(title, { childList: true });
  };
  showBar(false);
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", begin);
  else begin();
})();
