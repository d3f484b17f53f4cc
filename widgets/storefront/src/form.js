/** The form that asks for the address, with the consent wording beside it. */

import { make } from "./dom.js";

const ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/;

/** Names the text that tells what is wrong, or "" when the answer may be sent. */
export function complaint({ email, box, ticked }) {
  if (!email) return "email_missing";
  if (!ADDRESS.test(email)) return "email_wrong";
  return box && !ticked ? "box_missing" : "";
}

/** Returns the form; it sends the capture and calls `done` when the app has taken it. */
export function askForAddress(guest, text, { phone, close, done }) {
  const { consent } = guest.config;
  const event_id = guest.app.eventId(); // one answer, however often it is sent
  const fields = makeFields(consent, text, phone);
  const { email, tick, submit } = fields;
  const form = layOut(fields, text, { phone, close });
  form.onsubmit = async (event) => {
    event.preventDefault();
    if (submit.ariaDisabled === "true") return;
    const answer = { email: email.value.trim(), box: consent.box, ticked: !!tick?.checked };
    const wrong = complaint(answer);
    refuse(fields, text, wrong);
    if (wrong) return;
    const label = submit.textContent;
    submit.textContent = text("sending");
    submit.ariaDisabled = "true";
    const { ok, status } = await send(guest, { event_id, ...answer });
    submit.textContent = label;
    submit.ariaDisabled = "false";
    if (ok) done();
    else refuse(fields, text, status === 400 || status === 422 ? "email_wrong" : "failed");
  };
  return form;
}

function makeFields(consent, text, phone) {
  const email = make("input", {
    id: "email",
    name: "email",
    type: "email",
    autocomplete: "email",
    required: true,
    autofocus: true,
    placeholder: phone ? text("email_label") : "",
    "aria-describedby": "wording problem",
  });
  const tick = consent.box && make("input", { type: "checkbox", "aria-describedby": "problem" });
  const wording = make("span", { id: "wording", textContent: consent.wording });
  const problem = make("p", { id: "problem", role: "alert" });
  const submit = make("button", {
    type: "submit",
    className: "main",
    textContent: text(phone ? "send_short" : "send"),
  });
  return { email, tick, wording, problem, submit };
}

function layOut({ email, tick, wording, problem, submit }, text, { phone, close }) {
  return make(
    "form",
    { noValidate: true },
    make("label", { className: "label", htmlFor: "email", textContent: text("email_label") }),
    make("div", { className: "ask" }, email, phone && submit),
    make(tick ? "label" : "p", { className: "consent" }, tick, wording),
    problem,
    !phone && submit,
    !phone && make("button", { className: "no", textContent: text("no_thanks"), onclick: close }),
  );
}

/** Says what is wrong (nothing, when `key` is "") and leads to the field that it is about. */
function refuse({ email, tick, problem }, text, key) {
  problem.textContent = key && text(key);
  const culprit = key === "box_missing" ? tick : key.startsWith("email") ? email : null;
  for (const field of [email, tick]) if (field) field.ariaInvalid = String(field === culprit);
  culprit?.focus();
}

function send({ app, cartId, config, country }, { event_id, email, ticked }) {
  return app.post("captures", {
    event_id,
    cart_id: cartId(),
    email,
    consent: { version: config.consent.version, ticked },
    country,
    locale: config.locale || "",
  });
}
