// Leaves a platform's frame for a page that must not stand in one. Without it there is the link.

const link = document.querySelector("[data-break-out]");
if (link) open(link.href, "_top");
