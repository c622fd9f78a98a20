/** Every command in a sentence, and where the rest of it is. */
import type { Command } from 'commander';
import type { Program } from './program.js';

export interface CommandEntry {
  readonly name: string;
  /** Its arguments, for the overview. */
  readonly takes: string;
  readonly description: string;
  /** Loaded only when the command is given. */
  readonly load: () => Promise<AddCommand>;
}

/** Adds options and action to a command. */
type AddCommand = (program: Program, command: Command) => void;

/** In the order in which a rollout needs them. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'check',
    takes: '<plan>',
    description: 'check a plan file: every problem at once',
    load: async () => (await import('./commands/check.js')).addCheck,
  },
  {
    name: 'explain',
    takes: '<plan>',
    description: "show a plan's day, hour by hour",
    load: async () => (await import('./commands/explain.js')).addExplain,
  },
  {
    name: 'schema',
    takes: '',
    description: "print the plan file's JSON Schema",
    load: async () => (await import('./commands/schema.js')).addSchema,
  },
  {
    name: 'doctor',
    takes: '',
    description: 'whether everything that rollouts need is ready',
    load: async () => (await import('./commands/doctor.js')).addDoctor,
  },
  {
    name: 'start',
    takes: '<plan>',
    description: 'start a rollout',
    load: async () => (await import('./commands/start.js')).addStart,
  },
  {
    name: 'list',
    takes: '',
    description: 'list rollouts, open ones first',
    load: async () => (await import('./commands/list.js')).addList,
  },
  {
    name: 'status',
    takes: '[rollout]',
    description: 'where it stands, why, and what comes next',
    load: async () => (await import('./commands/status.js')).addStatus,
  },
  {
    name: 'watch',
    takes: '[rollout]',
    description: 'follow it to its end; exits by outcome',
    load: async () => (await import('./commands/watch.js')).addWatch,
  },
  {
    name: 'why',
    takes: '[rollout]',
    description: 'what stands before the next percent',
    load: async () => (await import('./commands/why.js')).addWhy,
  },
  {
    name: 'go',
    takes: '[rollout]',
    description: 'say go at the open hold point',
    load: async () => (await import('./commands/decide.js')).addGo,
  },
  {
    name: 'no-go',
    takes: '[rollout]',
    description: 'say no-go at the open hold point',
    load: async () => (await import('./commands/decide.js')).addNoGo,
  },
  {
    name: 'attest',
    takes: '<item> [rollout]',
    description: 'say that a checklist item is done',
    load: async () => (await import('./commands/attest.js')).addAttest,
  },
  {
    name: 'checklist',
    takes: '[plan]',
    description: 'the go/no-go checklist, and how far a rollout is with it',
    load: async () => (await import('./commands/checklist.js')).addChecklist,
  },
  {
    name: 'pause',
    takes: '[rollout]',
    description: 'stop moves up; all else goes on',
    load: async () => (await import('./commands/steer.js')).addPause,
  },
  {
    name: 'resume',
    takes: '[rollout]',
    description: 'end a pause',
    load: async () => (await import('./commands/steer.js')).addResume,
  },
  {
    name: 'withdraw',
    takes: '[rollout]',
    description: 'take your go, no-go or attestation back',
    load: async () => (await import('./commands/withdraw.js')).addWithdraw,
  },
  {
    name: 'extend',
    takes: '[rollout]',
    description: 'give a hold, a decision or the plan more time',
    load: async () => (await import('./commands/steer.js')).addExtend,
  },
  {
    name: 'skip-hold',
    takes: '[rollout]',
    description: 'end the hold now; its gate still judges and asks',
    load: async () => (await import('./commands/steer.js')).addSkipHold,
  },
  {
    name: 'retry-gate',
    takes: '[rollout]',
    description: 'look again now at an open gate',
    load: async () => (await import('./commands/steer.js')).addRetryGate,
  },
  {
    name: 'rollback',
    takes: '[rollout]',
    description: 'take the flag back to 0 % now',
    load: async () => (await import('./commands/rollback.js')).addRollback,
  },
  {
    name: 'comms',
    takes: 'preview|send|close',
    description: 'messages from people to people, from templates',
    load: async () => (await import('./commands/comms.js')).addComms,
  },
  {
    name: 'report',
    takes: '[rollout]',
    description: 'what happened, who decided, on which numbers',
    load: async () => (await import('./commands/report.js')).addReport,
  },
  {
    name: 'postmortem',
    takes: '[rollout]',
    description: 'what went wrong, filled from the pack for people to finish',
    load: async () => (await import('./commands/postmortem.js')).addPostmortem,
  },
  {
    name: 'handoff',
    takes: '[rollout]',
    description: 'the rollout for the next shift, on one page',
    load: async () => (await import('./commands/handoff.js')).addHandoff,
  },
  {
    name: 'audit',
    takes: 'export|verify',
    description: 'take the pack of a rollout along, and check one',
    load: async () => (await import('./commands/audit.js')).addAudit,
  },
  {
    name: 'flag',
    takes: 'status|set|evaluate|serve',
    description: 'one flag without a rollout: look, set, explain, serve',
    load: async () => (await import('./commands/flag.js')).addFlag,
  },
  {
    name: 'smoke',
    takes: '<suite>',
    description: 'run a smoke suite now; exits by outcome',
    load: async () => (await import('./commands/smoke.js')).addSmoke,
  },
  {
    name: 'rules',
    takes: 'render|runbooks',
    description: 'write Prometheus rules, alerts, their tests and runbooks from a catalogue',
    load: async () => (await import('./commands/rules.js')).addRules,
  },
  {
    name: 'dashboard',
    takes: 'render',
    description: 'write Grafana dashboards from a catalogue',
    load: async () => (await import('./commands/dashboard.js')).addDashboard,
  },
  {
    name: 'worker',
    takes: '',
    description: 'run rollouts until told to stop',
    load: async () => (await import('./commands/worker.js')).addWorker,
  },
  {
    name: 'dev',
    takes: '',
    description: 'everything on this machine, to try things out',
    load: async () => (await import('./commands/dev.js')).addDev,
  },
];
