// A button with data-copy="<selector>" puts that element's text on the clipboard and says so.

const SAID_MS = 2000;

export function watchCopying({ root = document, clipboard = navigator.clipboard } = {}) {
  root.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    const source = button && root.querySelector(button.dataset.copy);
    if (!source) return;
    event.preventDefault();
    if (await copied(source, clipboard)) say(button, "Copied");
    else say(button, "Press Ctrl+C");
  });

  // A link that was just made is selected, so that it can be copied without the button too.
  root.addEventListener("htmx:after:swap", () => {
    const field = root.querySelector("[data-select-now]");
    if (!field) return;
    field.removeAttribute("data-select-now");
    field.focus();
    field.select();
  });
}

async function copied(source, clipboard) {
  source.select?.();
  try {
    await clipboard.writeText(source.value ?? source.textContent.trim());
    return true;
  } catch {
    return false;
  }
}

function say(button, words) {
  const before = button.dataset.label ?? button.textContent;
  button.dataset.label = before;
  button.textContent = words;
  setTimeout(() => { button.textContent = before; }, SAID_MS);
}

watchCopying();
