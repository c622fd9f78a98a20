/** The demo's own view of the target service: what it obeys since when, and the knobs that break it. */

export interface ObeyedChange {
  /** ISO instant by the service's own clock. */
  readonly at: string;
  readonly percent: number;
}

const limitMs = 5_000;

export async function readObeyed(target: string): Promise<readonly ObeyedChange[]> {
  const reply = await fetch(`${target}/__flag`, { signal: AbortSignal.timeout(limitMs) });
  if (!reply.ok) throw new Error(`The target service answered ${reply.status} when asked what it obeys.`);
  const { changes } = (await reply.json()) as { changes: readonly ObeyedChange[] };
  return changes;
}

/** @param knobs - those left out are healthy: `{}` heals everything. */
export async function turnKnobs(target: string, knobs: Readonly<Record<string, number>>): Promise<void> {
  const reply = await fetch(`${target}/__knobs`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(knobs),
    signal: AbortSignal.timeout(limitMs),
  });
  if (!reply.ok) throw new Error(`The target service would not turn its knobs: ${await reply.text()}`);
}
