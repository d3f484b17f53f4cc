/* The theme's own script: the cart changes without leaving the page, and every change is announced
   as a standard storefront event before it happens. */

const root = Shopify.routes.root;

/** Announces a change of the cart's lines from `element`; `promise` settles when it has happened. */
function announce(element, action, context, lines, promise) {
  const event = new Event("shopify:cart:lines-update", { bubbles: true });
  element.dispatchEvent(Object.assign(event, { action, context, lines, promise }));
  promise.catch((error) => {
    const failed = new Event("shopify:cart:error", { bubbles: true });
    element.dispatchEvent(Object.assign(failed, { error: error.message, code: "SERVICE_UNAVAILABLE" }));
  });
}

async function ask(path, body) {
  const answer = await fetch(`${root}cart/${path}.js`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...body, sections: "main-cart-items,cart-icon-bubble" }),
  });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.description);
  show(told.sections);
  return told;
}

function show(sections) {
  document.querySelector("[data-count]")?.replaceWith(part(sections["cart-icon-bubble"]));
  document.querySelector("#cart-items")?.replaceWith(part(sections["main-cart-items"]));
}

function part(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
}

function notice(text, kind) {
  document.querySelector("main > .notice")?.remove();
  const line = document.createElement("p");
  line.className = `notice ${kind}`;
  line.setAttribute("role", "status");
  line.textContent = text;
  document.querySelector("main").prepend(line);
  line.scrollIntoView({ block: "nearest" });
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest(".product-form");
  if (!form) return;
  event.preventDefault();
  const { id, quantity } = Object.fromEntries(new FormData(form));
  const lines = [{ merchandiseId: `gid://shopify/ProductVariant/${id}`, quantity: Number(quantity) }];
  const done = ask("add", { id: Number(id), quantity: Number(quantity) });
  announce(form, "add", "product", lines, done.then(Shopify.actions.getCart));
  const name = document.querySelector("h1").textContent;
  done.then(
    () => notice(`${name} is in your cart.`, "success"),
    (error) => notice(error.message, "error"),
  );
});

document.addEventListener("change", async ({ target }) => {
  if (target.dataset.variant) {
    const address = `?variant=${target.dataset.variant}`;
    const page = new DOMParser().parseFromString(await (await fetch(address)).text(), "text/html");
    document.querySelector("article.product").replaceWith(page.querySelector("article.product"));
    history.replaceState(null, "", address);
  } else if (target.dataset.key) {
    changeLine(target, target.dataset.key, Number(target.value));
  }
});

document.addEventListener("click", ({ target }) => {
  if (target.dataset.remove) changeLine(target, target.dataset.remove, 0);
});

function changeLine(element, id, quantity) {
  const done = ask("change", { id, quantity });
  const action = quantity ? "update" : "remove";
  announce(element, action, "cart", [{ id, quantity }], done.then(Shopify.actions.getCart));
  done.catch((error) => notice(error.message, "error"));
}
