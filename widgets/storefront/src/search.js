/** Where a page view came from. */

const SEARCH =
  /(^|\.)(google|bing|duckduckgo|yahoo|yandex|ecosia|qwant|baidu|startpage|kagi|brave|seznam)\./;

/** Tells whether this page view came straight from a search engine. */
export function isFromSearch(referrer = document.referrer) {
  try {
    return SEARCH.test(new URL(referrer).hostname);
  } catch {
    return false;
  }
}
