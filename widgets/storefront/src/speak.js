/** Says a text in the shopper's language. */

/** Returns `text(key, count)`, which answers from `config.texts`. */
export const speaker =
  ({ texts }) =>
  (key, count) =>
    texts[key].replace("{count}", count);
