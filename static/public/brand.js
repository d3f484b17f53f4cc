// Gives the page the shop's colour, and black or white on it, whichever is easier to read.
// A script in the head and no style attribute: the page's policy forbids inline styles.
(() => {
  const page = document.documentElement;
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(page.dataset.brand ?? "");
  if (!match) return;

  const [red, green, blue] = match.slice(1).map((pair) => {
    const value = parseInt(pair, 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  // Where contrast with white and with black is equal: (1.05 / (L + .05)) = ((L + .05) / .05).
  const light = luminance > 0.179;
  page.style.setProperty("--brand", match[0]);
  page.style.setProperty("--on-brand", light ? "#000" : "#fff");
})();
