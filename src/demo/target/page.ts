/** The page a person sees: which reporting this user gets. No script, no outside asset. */
import type { Answer } from './answer.js';
import { escapeHtml } from './export-report.js';
import type { UserRequest } from './user-request.js';

const style = `
:root { color-scheme: light dark; font: 1.125rem/1.5 system-ui, sans-serif; }
body { max-width: 40rem; margin: 2rem auto; padding: 0 1rem; }
.variant { border-left: 0.4rem solid; padding: 0.5rem 1rem; }
.on { border-color: #0a7d36; }
.off { border-color: #5a6270; }
input, button { font: inherit; padding: 0.3rem 0.6rem; }
`;

/** Only the style above; nothing else is loaded, run or sent elsewhere. */
const policy =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

export function renderPage({ user, variant, percent }: Pick<UserRequest, 'user' | 'variant' | 'percent'>): Answer {
  const who = user === '' ? 'a visitor without a name' : escapeHtml(user);
  const gets =
    variant === 'on'
      ? '<strong>The new unified reporting</strong> is on.'
      : '<strong>The reporting you know</strong> is shown; unified reporting is off.';
  const body = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${variant === 'on' ? 'Unified reporting' : 'Reporting'}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Reporting</h1>
<p class="variant ${variant}" data-variant="${variant}">${gets}</p>
<p>You are ${who}. ${percent} % of users get unified reporting now.</p>
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
