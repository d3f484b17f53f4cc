/* The storefront's own small scripts: pictures follow colours, the checkout remembers its fields,
   and a restored cart's landing page says that it ran in a browser. */

const post = (name, fields = {}) =>
  fetch(`/?wc-ajax=${name}`, { method: "POST", body: new URLSearchParams(fields), keepalive: true });

function followColours(form, picture) {
  form.addEventListener("change", (event) => {
    const own = event.target.dataset.picture;
    if (own && picture) picture.src = picture.src.replace(/[^/]+$/, own);
  });
}

function showBox(form) {
  const field = form.querySelector("#rebasket-consent");
  if (!field) return;
  const country = form.querySelector("#billing_country").value;
  const listed = field.dataset.boxCountries.split(" ").includes(country);
  field.querySelector("input").hidden = country ? !listed : field.dataset.boxDefault !== "yes";
}

function rememberFields(form) {
  form.addEventListener("change", () => {
    showBox(form);
    post("checkout_fields", Object.fromEntries(new FormData(form)));
  });
}

const product = document.querySelector("form.variations_form");
if (product) followColours(product, document.querySelector(".main-picture"));

const checkout = document.querySelector("form.checkout");
if (checkout) rememberFields(checkout);

if (document.body.dataset.landing) post("rebasket_landing");
