/** The page a person sees: which reporting this user gets, and how the percentage arrives. Complete without a script; nothing comes from elsewhere. */
import type { Answer } from './answer.js';
import { escapeHtml } from './export-report.js';
import { pageStyle } from './page-style.js';
import { pageTexts } from './page-texts.js';
import type { ShownFlag, UserRequest } from './user-request.js';

/** Our own files alone: nothing else is loaded, run or sent. */
const policy =
  "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

export function renderPage({ user, variant, flag }: Pick<UserRequest, 'user' | 'variant' | 'flag'>): Answer {
  const who = user === '' ? 'a visitor without a name' : escapeHtml(user);
  const key = escapeHtml(flag.key);
  const { title, gets } = pageTexts[variant];
  const body = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${pageStyle}</style>
${inlined(flag)}
<script src="/flags.script.js" data-flag="${key}" data-user="${escapeHtml(user)}" defer></script>
<script src="/page.js" defer></script>
</head>
<body>
<main>
<h1>Reporting</h1>
<p>You are <strong>${who}</strong>.</p>
<div id="answer" role="status" class="${variant}" data-flag="${key}" data-variant="${variant}">
<p id="gets">${gets}</p>
<p><span id="percent">${flag.percent} %</span> of users get unified reporting now.</p>
</div>
<progress id="bar" max="100" value="${flag.percent}" aria-labelledby="percent"></progress>
<div id="people" hidden>
<p id="inside"></p>
<div id="crowd" role="img" aria-label=""></div>
<p>Revision <span id="revision"></span> of the flag <code>${key}</code>. This page follows it without being loaded again.</p>
</div>
<form method="get" action="/">
<label for="user">Look as another user</label>
<input id="user" name="user" value="${escapeHtml(user)}" autocomplete="off">
<button type="submit">Look</button>
</form>
</main>
</body>
</html>
`;
  return {
    status: 200,
    type: 'text/html; charset=utf-8',
    body,
    headers: { 'content-security-policy': policy, 'cache-control': 'no-store' },
  };
}

/** For the first paint: the client need not ask before it can answer. */
const inlined = ({ document }: ShownFlag): string =>
  document === null
    ? ''
    : `<script type="application/json" id="holdpoint-flags">${document.replaceAll('<', '\\u003c')}</script>`;
