// Short notes at the foot of the window: closed by hand, the good news also by themselves.

const STAYS_MS = 6000;

export function watchToasts({ root = document, stays = STAYS_MS } = {}) {
  const region = () => root.getElementById("toasts");

  const arm = (toast) => {
    if (toast.dataset.armed) return;
    toast.dataset.armed = "";
    if ("brief" in toast.dataset) setTimeout(() => toast.remove(), stays);
  };

  root.addEventListener("click", (event) => {
    event.target.closest?.("[data-toast-close]")?.closest(".toast")?.remove();
  });

  root.addEventListener("console:toast", ({ detail }) => {
    region()?.append(toastElement(root, detail));
  });

  region()?.querySelectorAll(".toast").forEach(arm);
  new MutationObserver(() => region()?.querySelectorAll(".toast").forEach(arm)).observe(root.body, {
    childList: true,
    subtree: true,
  });
}

function toastElement(root, { text, kind = "" }) {
  const toast = root.createElement("div");
  toast.className = `toast ${kind}`.trim();
  if (!kind) toast.dataset.brief = "";
  const words = root.createElement("p");
  words.textContent = text;
  const close = root.createElement("button");
  close.type = "button";
  close.className = "toast-close";
  close.dataset.toastClose = "";
  close.setAttribute("aria-label", "Close");
  close.textContent = "×";
  toast.append(words, close);
  return toast;
}

watchToasts();
