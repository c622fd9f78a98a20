/** What runs in the page: it shows this user's answer, the percent and a crowd of users, and all again whenever the flag changes. */
import { percentIn } from './flag-percent.js';
import { pageTexts } from './page-texts.js';

/** As many as the demo's traffic has, by the same names. */
const crowdSize = 400;

/** `isUserInRollout` and `onFlagsLoaded` are the flag client's, from its script tag. */
export const pageScript = `'use strict';
${percentIn.toString()}
const texts = ${JSON.stringify(pageTexts)};
const byId = (id) => document.getElementById(id);
const key = byId('answer').dataset.flag;
const crowd = Array.from({ length: ${crowdSize} }, (_, at) => 'user-' + String(at + 1).padStart(4, '0'));
const dots = crowd.map(() => byId('crowd').appendChild(document.createElement('i')));
byId('people').hidden = false;

function showAnswer() {
  const variant = isUserInRollout() ? 'on' : 'off';
  byId('answer').dataset.variant = variant;
  byId('answer').className = variant;
  byId('gets').textContent = texts[variant].gets;
  document.title = texts[variant].title;
  let inside = 0;
  crowd.forEach((user, at) => {
    const isIn = isUserInRollout(user);
    dots[at].className = isIn ? 'in' : '';
    inside += isIn ? 1 : 0;
  });
  byId('crowd').setAttribute('aria-label', inside + ' of ' + crowd.length + ' users get it');
  byId('inside').textContent = inside + ' of the ' + crowd.length + ' users of the demo get it: each dot is one.';
}

let asked = 0;
async function showPercent() {
  const mine = (asked += 1);
  const answer = await fetch('/flags.json', { cache: 'no-store' });
  const served = await answer.json();
  const percent = percentIn(served, key);
  // A slow answer must not undo a newer one.
  if (mine !== asked || percent === null) return;
  byId('percent').textContent = percent + ' %';
  byId('bar').value = percent;
  byId('revision').textContent = served.flags[key]?.metadata?.['holdpoint.revision'] ?? 'none';
}

onFlagsLoaded(() => {
  showAnswer();
  showPercent().catch(() => {});
});
`;
