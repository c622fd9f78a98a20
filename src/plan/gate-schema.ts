/** What a gate may say: checks, smoke suites, a checklist and a decision. */
import { z } from 'zod';
import { probes } from '../core/plan.js';
import { notBuilt } from '../documents/not-built.js';
import { idsField, nameField, namesField, planDuration, textField } from './plan-fields.js';

const seat = z.strictObject({
  role: nameField({ description: 'Role that gives a go.', example: 'release-manager' }),
  count: z
    .int()
    .min(1)
    .max(20)
    .default(1)
    .meta({ description: 'How many people of that role. One person fills one seat.' }),
});

export const decisionSchema = z
  .strictObject({
    approvers: z
      .array(seat)
      .min(1)
      .max(20)
      .meta({
        description: 'Whose go is needed. All seats have to be filled.',
        example: [{ role: 'release-manager' }, { role: 'sre', count: 2 }],
      }),
    notStarter: z.boolean().default(true).meta({ description: 'Whoever started the rollout may not give a go.' }),
    deadline: planDuration('decision', {
      description: 'How long people have, from the moment they are first asked. A pause moves it.',
    }).prefault('2h'),
    remindEvery: planDuration('decision', {
      description: 'How often those who have not answered are reminded. Left out: never.',
      example: '30m',
    }).optional(),
    escalateTo: nameField({
      description: 'Role that is told when the deadline passes.',
      example: 'engineering-manager',
    }).optional(),
    onDeadline: z
      .enum(['ask', 'pause', 'roll-back'])
      .default('pause')
      .meta({ description: 'What happens when the deadline passes: keep asking, pause, or roll back. Never a go.' }),
  })
  .meta({ description: 'The decision of people at a hold point. Left out: a passing verdict is enough.' });

const checklistItem = z.strictObject({
  id: nameField({ description: 'Name of the item, as in `holdpoint attest`.', example: 'security-audit' }),
  title: textField({ description: 'What is attested.', example: 'Security audit clean' }),
  role: nameField({ description: 'Who may attest it. Needed unless a probe answers.', example: 'security' }).optional(),
  probe: z
    .enum(probes)
    .meta({
      description:
        'Answered at each look of the gate instead of by a person. `metrics-have-data`: every check of the plan gets a number. `flag-reads-back`: the flag is what was last proven.',
      example: 'metrics-have-data',
    })
    .optional(),
  due: planDuration('due', {
    description:
      'When who shall attest it is told that it is missing: after its gate opens, or before it when negative. In preflight, counted from `startAt`. Left out: nobody is told besides the gate.',
    example: '-4h',
  }).optional(),
  phase: z
    .string()
    .regex(/^T-\d{1,3}[mhd]$/)
    .meta({
      description:
        'Of a preflight item: the heading that `holdpoint checklist` puts it under, and the order of these. It tells nobody: `due` does. Left out: the start.',
      example: 'T-24h',
    })
    .optional(),
});

export const checklistField = z
  .array(checklistItem)
  .max(50)
  .meta({
    description: 'What people attest before the flag may go up.',
    example: [{ id: 'on-call', title: 'On-call rotation confirmed', role: 'sre' }],
  });

const smoke = idsField({
  description: "Smoke suites that must be green: ids in the worker's configuration.",
  example: ['reporting'],
});

/** No defaults: a key that a stage's gate leaves out comes from the plan's own gate. */
export const gateSchema = z.strictObject({
  checks: namesField({
    description: 'Checks that must pass: names under `checks`.',
    example: ['autosave-success', 'api-p95'],
  }).optional(),
  smoke: smoke.optional(),
  checklist: checklistField.optional(),
  decision: decisionSchema.optional(),
});

export const preflightSchema = z
  .strictObject({
    checks: notBuilt('is not built yet: before the first flip there is nothing to compare; use a smoke suite'),
    checklist: checklistField.optional(),
    smoke: smoke.optional(),
    decision: decisionSchema.optional(),
  })
  .meta({ description: 'What must be true at 0 %, before the first flip.' });

export const afterSchema = z.strictObject({ checklist: checklistField }).meta({
  description:
    'What is left to do once the bake is over: attested while the flag stays where it is. An item is due a day after that unless it says otherwise; then the rollout ends without it, and says so.',
});

export type AfterFile = z.output<typeof afterSchema>;
export type GateFile = z.output<typeof gateSchema>;
export type PreflightFile = z.output<typeof preflightSchema>;
export type DecisionFile = z.output<typeof decisionSchema>;
