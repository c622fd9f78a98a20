/** What a command that wrote a flag waits for before it ends: a CDN that is still being told. */

/** The flag is written already; a CDN that hangs must not keep anybody. */
const patienceMs = 5_000;

export async function leaveInPeace(): Promise<void> {
  const { adaptersDone } = await import('../adapters/open.js');
  await adaptersDone(patienceMs);
}
