/* What Shopify puts on every storefront: actions that any script may call, over the Ajax cart. */

const root = Shopify.routes.root;

async function ask(path, body) {
  const answer = await fetch(`${root}${path}`, body && {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  return { ok: answer.ok, told: await answer.json() };
}

const money = (minor, currency) => ({ amount: (minor / 100).toFixed(2), currencyCode: currency });

function shaped({ token, items, item_count, total_price, currency, note, attributes }) {
  return {
    id: `gid://shopify/Cart/${token}`,
    totalQuantity: item_count,
    note,
    attributes: Object.entries(attributes).map(([key, value]) => ({ key, value })),
    cost: { totalAmount: money(total_price, currency) },
    lines: items.map((item) => ({
      id: item.key,
      quantity: item.quantity,
      merchandise: { id: `gid://shopify/ProductVariant/${item.variant_id}`, title: item.title },
      cost: { totalAmount: money(item.final_line_price, currency) },
    })),
  };
}

const getCart = async () => ({ cart: shaped((await ask("cart.js")).told) });

async function updateCart({ lines = [], note, discountCodes, attributes }) {
  const added = lines.filter((line) => line.merchandiseId);
  const work = change({ added, changed: lines.filter((line) => line.id), note, discountCodes, attributes });
  const event = new Event("shopify:cart:lines-update", { bubbles: true });
  const action = added.length ? "add" : "update";
  Object.assign(event, { action, context: "standard-action", lines, promise: work });
  if (lines.length) document.dispatchEvent(event);
  return work;
}

async function change({ added, changed, note, discountCodes, attributes }) {
  const userErrors = [];
  const tell = ({ ok, told }) => ok || userErrors.push({ message: told.description });
  if (added.length) {
    const items = added.map((line) => ({ id: line.merchandiseId.split("/").pop(), quantity: line.quantity }));
    tell(await ask("cart/add.js", { items }));
  }
  const updates = Object.fromEntries(changed.map((line) => [line.id, line.quantity]));
  const discount = discountCodes?.join(",");
  const pairs = attributes && Object.fromEntries(attributes.map(({ key, value }) => [key, value]));
  tell(await ask("cart/update.js", { updates, note, discount, attributes: pairs }));
  return { ...(await getCart()), userErrors, warnings: [] };
}

const openCart = async () => location.assign(`${root}cart`);

Shopify.actions = { getCart, updateCart, openCart };
for (const action of Object.values(Shopify.actions)) action.isDefault = () => true;
