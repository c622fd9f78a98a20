/** One person who writes reports: what they ask next, and what they make of the answer. */

export interface UserStep {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
}

export interface SimulatedUser {
  readonly name: string;
  next(): UserStep;
  /** Status 0: there was no answer. */
  heard(status: number, body: unknown): void;
}

interface Draft {
  readonly id: string;
  version: number;
  state: string;
}

/** @param random - 0 up to 1; the only source of variety. */
export function simulateUser(name: string, random: () => number): SimulatedUser {
  let draft: Draft | null = null;
  let asked: 'list' | 'report' | 'delete' | 'other' = 'other';
  const pick = (kind: typeof asked, step: UserStep): UserStep => {
    asked = kind;
    return step;
  };
  return {
    name,
    next: () => {
      const roll = random();
      if (draft === null) {
        if (roll < 0.02) return pick('other', { method: 'POST', path: '/api/offline' });
        if (roll < 0.2) return pick('list', { method: 'GET', path: '/api/templates' });
        return pick('report', { method: 'POST', path: '/api/reports', body: { templateId: 'daily', title: name } });
      }
      const path = `/api/reports/${draft.id}`;
      if (draft.state === 'finalized') return pick('report', { method: 'POST', path: `${path}/sign` });
      if (draft.state === 'signed') {
        return roll < 0.5
          ? pick('other', { method: 'GET', path: `${path}/export?format=csv` })
          : pick('delete', { method: 'DELETE', path });
      }
      if (roll < 0.78) {
        const text = `Line ${draft.version} of ${name}.`;
        return pick('report', { method: 'PUT', path, body: { text, version: draft.version } });
      }
      if (roll < 0.86) return pick('report', { method: 'GET', path });
      if (roll < 0.93) return pick('other', { method: 'GET', path: `${path}/export?format=html` });
      return pick('report', { method: 'POST', path: `${path}/finalize` });
    },
    heard: (status, body) => {
      if (status === 404 || (asked === 'delete' && status === 204)) draft = null;
      const { id, version, state } = membersOf(body);
      if (typeof version !== 'number') return;
      // A conflict names the version to go on from.
      if (status === 409 && draft !== null) draft.version = version;
      if (asked === 'report' && status < 300 && typeof id === 'string' && typeof state === 'string') {
        draft = { id, version, state };
      }
    },
  };
}

const membersOf = (body: unknown): Readonly<Record<string, unknown>> =>
  typeof body === 'object' && body !== null ? { ...body } : {};
