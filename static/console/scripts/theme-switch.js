// Says whether our script is switched on in the shop's theme, where the admin around us knows it.

async function isOn(handle) {
  const extensions = (await window.shopify?.app?.extensions?.()) ?? [];
  const blocks = extensions.flatMap(({ activations }) => activations ?? []);
  return blocks.some((block) => block.handle === handle && block.status === "active");
}

// What the admin said last: a page that is exchanged shows it at once.
const known = new Map();

function show(notice, on) {
  for (const part of notice.querySelectorAll("[data-off]")) part.hidden = on;
  for (const part of notice.querySelectorAll("[data-on]")) part.hidden = !on;
  const { whenOn, whenOff } = notice.dataset;
  if (whenOn) notice.classList.toggle(whenOn, on);
  if (whenOff) notice.classList.toggle(whenOff, !on);
}

export async function tellSwitches(root = document) {
  for (const notice of root.querySelectorAll("[data-theme-switch]")) {
    const handle = notice.dataset.themeSwitch;
    if (known.has(handle)) show(notice, known.get(handle));
    const on = await isOn(handle).catch(() => false);
    known.set(handle, on);
    show(notice, on);
  }
}

document.addEventListener("htmx:after:swap", () => tellSwitches());
// The merchant comes back from the theme's editor in another tab.
document.addEventListener("visibilitychange", () => document.hidden || tellSwitches());
tellSwitches();
