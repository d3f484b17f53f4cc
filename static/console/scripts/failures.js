// What happens when a part of the page could not be fetched: the page stays, a note says why.
// A refused form (422) is swapped in, because it carries its errors in words.

const WORDS = {
  401: "You have been signed out. Sign in again, then repeat what you did.",
  403: "You may not do that here. Reload the page, then try again.",
  404: "That is no longer there. Reload the page to see what is.",
  413: "That was too large.",
  429: "That was too often. Wait a minute, then try again.",
};
const BROKEN = "That did not work: the server had a problem. Nothing on this page was changed. Try again in a moment.";
const OFFLINE = "No answer from the server. Check your connection, then try again.";
const REFUSED_FORM = 422;

export function watchFailures({ root = document, visit = (url) => location.assign(url) } = {}) {
  let pollIsFailing = false;

  const tell = (source, text) => {
    const polling = source?.matches?.("[data-poll]");
    if (polling && pollIsFailing) return;
    pollIsFailing ||= Boolean(polling);
    root.dispatchEvent(new CustomEvent("console:toast", { detail: { text, kind: "bad" } }));
  };

  root.addEventListener("htmx:before:swap", (event) => {
    const { ctx } = event.detail;
    const status = ctx.response?.status ?? 200;
    if (status >= 400 && status !== REFUSED_FORM) {
      event.preventDefault();
      tell(ctx.sourceElement, saidBy(ctx.text) || WORDS[status] || BROKEN);
    } else if (isWholePage(ctx.text) && ctx.target !== root.body) {
      event.preventDefault();
      visit(ctx.response.raw.url);
    } else {
      pollIsFailing = false;
    }
  });

  root.addEventListener("htmx:error", (event) => {
    const { ctx } = event.detail;
    if (ctx && !ctx.response) tell(ctx.sourceElement, OFFLINE);
  });
}

function isWholePage(text = "") {
  return /^\s*(<!doctype html|<html[\s>])/i.test(text);
}

function saidBy(text = "") {
  const page = new DOMParser().parseFromString(text, "text/html");
  return page.querySelector("[data-error-message]")?.textContent.trim() ?? "";
}

watchFailures();
