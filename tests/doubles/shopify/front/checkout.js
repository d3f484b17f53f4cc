/* The checkout keeps what is typed as it is typed. */

const form = document.querySelector("form.checkout");
form?.addEventListener("change", () => {
  const body = new URLSearchParams(new FormData(form));
  body.set("step", "typed");
  fetch(location.pathname, { method: "POST", body, keepalive: true });
});
