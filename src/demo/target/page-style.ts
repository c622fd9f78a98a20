/** How the page looks: light and dark, texts at a contrast of 4.5 or more, dots told apart without their colour. */

export const pageStyle = `
:root { color-scheme: light dark; --back: #fff; --text: #1b1f24; --on: #0a6b2f; --off: #57606a; font: 1.125rem/1.5 system-ui, sans-serif; }
@media (prefers-color-scheme: dark) { :root { --back: #15181c; --text: #e8eaed; --on: #5fd38a; --off: #a3adb8; } }
body { max-width: 40rem; margin: 2rem auto; padding: 0 1rem; background: var(--back); color: var(--text); }
#answer { border-left: 0.4rem solid; padding: 0.1rem 1rem; }
#answer.on { border-color: var(--on); }
#answer.off { border-color: var(--off); }
#gets { font-size: 1.4rem; font-weight: 600; margin: 0.3rem 0; }
#percent { font-weight: 600; font-variant-numeric: tabular-nums; }
progress { width: 100%; height: 0.8rem; accent-color: var(--on); }
#crowd { display: grid; grid-template-columns: repeat(40, 1fr); gap: 0.2rem; }
#crowd i { aspect-ratio: 1; border: 1px solid var(--off); border-radius: 50%; }
#crowd i.in { background: var(--on); border-color: var(--on); }
input, button { font: inherit; padding: 0.3rem 0.6rem; }
`;
