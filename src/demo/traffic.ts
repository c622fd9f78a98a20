/** Steady, seeded traffic over real HTTP: so many requests a second from so many users, on this machine only. */
import { Agent, request } from 'undici';
import { seededRandom } from './seeded-random.js';
import { simulateUser, type SimulatedUser } from './simulated-user.js';

export interface TrafficOptions {
  /** Of the service; must be on this machine. */
  readonly url: string;
  readonly users: number;
  readonly requestsPerSecond: number;
  readonly seed: number;
  /** Stops by itself after this long. */
  readonly forMs: number;
}

export interface TrafficCount {
  readonly sent: number;
  /** Answers of 500 and above. */
  readonly failed: number;
  /** No answer at all. */
  readonly unanswered: number;
}

export interface Traffic {
  count(): TrafficCount;
  /** Resolves when the last answer is in; safe to call twice. */
  stop(): Promise<TrafficCount>;
}

const tickMs = 20;
/** A slow service gets fewer requests, not more and more at once. */
const mostInFlight = 64;
const limitMs = 5_000;

export function startTraffic(options: TrafficOptions): Traffic {
  const { hostname } = new URL(options.url);
  if (hostname !== '127.0.0.1' && hostname !== 'localhost' && hostname !== '[::1]') {
    throw new Error(`Traffic goes to this machine only; ${options.url} is somewhere else.`);
  }
  const crowd = openCrowd(options);
  const begunAt = performance.now();
  let granted = 0;
  const timer = setInterval(() => {
    const elapsedMs = performance.now() - begunAt;
    if (elapsedMs >= options.forMs) {
      clearInterval(timer);
      return;
    }
    const due = Math.floor((elapsedMs / 1_000) * options.requestsPerSecond) - granted;
    granted += due;
    // What a stalled machine missed is not made up for in one burst.
    for (let left = Math.min(due, Math.ceil(options.requestsPerSecond / 5)); left > 0; left -= 1) crowd.askOne();
  }, tickMs);
  return {
    count: crowd.count,
    stop: async () => {
      clearInterval(timer);
      await crowd.settle();
      return crowd.count();
    },
  };
}

function openCrowd({ url, users, seed }: TrafficOptions) {
  const random = seededRandom(seed);
  const agent = new Agent({ connections: mostInFlight });
  const idle = Array.from({ length: users }, (_, index) =>
    simulateUser(`user-${String(index + 1).padStart(4, '0')}`, random),
  );
  const inFlight = new Set<Promise<void>>();
  let sent = 0;
  let failed = 0;
  let unanswered = 0;

  const ask = async (user: SimulatedUser): Promise<void> => {
    const answer = await exchange(agent, url, user);
    if (answer.status === 0) unanswered += 1;
    if (answer.status >= 500) failed += 1;
    user.heard(answer.status, answer.body);
    idle.push(user);
  };
  return {
    count: (): TrafficCount => ({ sent, failed, unanswered }),
    askOne: (): void => {
      if (inFlight.size >= mostInFlight || idle.length === 0) return;
      const [user] = idle.splice(Math.floor(random() * idle.length), 1);
      if (user === undefined) return;
      sent += 1;
      const asking = ask(user).finally(() => inFlight.delete(asking));
      inFlight.add(asking);
    },
    settle: async (): Promise<void> => {
      await Promise.all(inFlight);
      await agent.close();
    },
  };
}

async function exchange(agent: Agent, url: string, user: SimulatedUser): Promise<{ status: number; body: unknown }> {
  const { method, path, body } = user.next();
  try {
    const reply = await request(`${url}${path}`, {
      dispatcher: agent,
      method,
      headers: { 'x-user-id': user.name, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(limitMs),
    });
    const text = await reply.body.text();
    return { status: reply.statusCode, body: parse(text) };
  } catch {
    return { status: 0, body: null };
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
