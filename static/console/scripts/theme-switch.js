// Says whether our script is switched on in the shop's theme, where the admin around us knows it.

async function isOn(handle) {
  const extensions = (await window.shopify?.app?.extensions?.()) ?? [];
  const blocks = extensions.flatMap(({ activations }) => activations ?? []);
  return blocks.some((block) => block.handle === handle && block.status === "active");
}

export async function tellSwitches(root = document) {
  for (const notice of root.querySelectorAll("[data-theme-switch]")) {
    const on = await isOn(notice.dataset.themeSwitch).catch(() => false);
    notice.querySelector("[data-off]").hidden = on;
    notice.querySelector("[data-on]").hidden = !on;
    notice.classList.toggle("warn", !on);
  }
}

document.addEventListener("htmx:after:swap", () => tellSwitches());
// The merchant comes back from the theme's editor in another tab.
document.addEventListener("visibilitychange", () => document.hidden || tellSwitches());
tellSwitches();
