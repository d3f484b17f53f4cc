// A <details class="popover-host"> closes on Escape and when something else is clicked.

export function watchPopovers({ root = document } = {}) {
  const open = () => [...root.querySelectorAll("details.popover-host[open]")];

  root.addEventListener("click", (event) => {
    open().filter((host) => !host.contains(event.target)).forEach((host) => { host.open = false; });
  });

  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    open().forEach((host) => {
      host.open = false;
      host.querySelector("summary")?.focus();
    });
  });
}

watchPopovers();
