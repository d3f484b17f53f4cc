/**
 * Every text that a shopper may read from us, with its English default.
 *
 * The server sends the shopper's language under the same keys in `config.texts` (en, sv, nl, pl,
 * ar). This module is fetched only when a key is missing there. `{count}` is replaced by a number.
 * The consent wording is not here: it is `config.consent.wording`, because its version is evidence.
 */
export const ENGLISH = {
  popup_title: "Take your cart with you",
  popup_text: "We send you a link that opens this cart again, on any device.",
  email_label: "E-mail address",
  send: "Send my cart",
  send_short: "Send",
  sending: "Sending…",
  no_thanks: "No, thanks",
  close: "Close",
  email_missing: "Please type your e-mail address.",
  email_wrong: "This does not look like an e-mail address. Please check it.",
  box_missing: "Please tick the box first, so that we may write to you.",
  failed: "That did not work. Please try again in a moment.",
  done_title: "Thank you",
  done_text: "Your cart is kept. Look out for our mail, also in the spam folder.",
  more: "and {count} more",
  in_cart: "In your cart",
  reminder_title: "Still in your cart",
  reminder_button: "Open cart",
};
