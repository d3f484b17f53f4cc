// Tells that a person's browser is here, and goes on to the store. Without scripts the button does.
(() => {
  const link = document.querySelector("a[data-here]");
  let gone = false;

  // A page that a browser only prepares, or that nobody looks at, is no person.
  const isSeen = () => !document.prerendering && document.visibilityState === "visible";

  const tell = () => {
    if (gone) return;
    gone = true;
    if (navigator.sendBeacon?.(link.dataset.here)) return;
    fetch(link.dataset.here, { method: "POST", keepalive: true, credentials: "omit" }).catch(() => {});
  };

  const goOn = () => {
    if (!isSeen()) return;
    tell();
    window.location.replace(link.href);
  };

  link.addEventListener("click", tell);
  document.addEventListener("prerenderingchange", goOn);
  document.addEventListener("visibilitychange", goOn);
  goOn();
})();
