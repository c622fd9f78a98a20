/** The targeting key of somebody who is not logged in: drawn once, kept in the browser. */
import { page } from './page.js';

const storedAs = 'holdpoint.anonymous-id';
/** No secret, only hardly ever the same twice. */
let id = Date.now() + String(Math.random()).slice(1);

/** The same in all tabs and after a restart; where nothing can be stored, the same as long as the page lives. */
export function anonymousId(): string {
  try {
    id = page.localStorage[storedAs] ||= id;
  } catch {
    // Not in a browser, or storage is blocked or full.
  }
  return id;
}
