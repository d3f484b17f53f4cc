/** Elements made by hand: text goes in as text, never as markup. */

/** Returns an element with properties (`aria-…` and `data-…` as attributes) and children. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  if (tag === "button") element.type = "button";
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-")) element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.filter(Boolean));
  return element;
}

/** Returns a product's name as a person reads it: WooCommerce gives it HTML-escaped. */
export function plain(name) {
  try {
    return new DOMParser().parseFromString(name, "text/html").body.textContent;
  } catch {
    return name;
  }
}

/** Returns the cart's first lines as a list, with their pictures, and how many more there are. */
export function listLines(lines, text, most = 3) {
  const rows = lines
    .slice(0, most)
    .map(({ name, detail, quantity, image }) =>
      make(
        "li",
        {},
        picture(image),
        make(
          "span",
          { className: "what" },
          make("span", { className: "name", textContent: plain(name) }),
          detail && make("span", { className: "detail", textContent: plain(detail) }),
        ),
        quantity > 1 && make("span", { className: "count", textContent: `× ${quantity}` }),
      ),
    );
  if (lines.length > most)
    rows.push(make("li", { className: "more", textContent: text("more", lines.length - most) }));
  return make("ul", { role: "list", "aria-label": text("in_cart") }, ...rows);
}

function picture(src) {
  const drop = ({ target }) => target.remove();
  return make(
    "span",
    { className: "picture" },
    src && make("img", { src, alt: "", onerror: drop }),
  );
}
