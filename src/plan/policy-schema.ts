/** What a plan may say about trouble. Whatever it says, nothing here moves the flag up. */
import { z } from 'zod';
import { planDuration } from './plan-fields.js';

const cannotTell = (what: string, after: string) =>
  z
    .strictObject({
      after: planDuration('policy', { description: 'Until then it waits and looks again.' }).prefault(after),
      do: z.enum(['ask', 'roll-back']).default('ask').meta({ description: 'What happens then.' }),
    })
    .prefault({})
    .meta({ description: what });

export const policySchema = z
  .strictObject({
    onNoGo: z.enum(['pause', 'roll-back']).default('roll-back').meta({ description: 'When an approver says no-go.' }),
    onSmokeFailure: z
      .enum(['ask', 'roll-back'])
      .default('roll-back')
      .meta({ description: 'When a smoke suite is red.' }),
    onInconclusive: cannotTell('When a gate cannot tell, for too long.', '30m'),
    onUnavailable: cannotTell('When the metrics source gives no answer, for too long.', '10m'),
    onDrift: z.enum(['pause', 'reassert', 'roll-back']).default('pause').meta({
      description: 'When the flag is not what was last proven. `reassert` writes it back, but never upwards.',
    }),
    onDeadline: z
      .strictObject({
        do: z.enum(['ask', 'pause', 'roll-back']).default('ask').meta({ description: 'What happens at once.' }),
        after: planDuration('policy', { description: 'How much later `then` happens.', example: '1h' }).optional(),
        then: z
          .enum(['ask', 'pause', 'roll-back'])
          .optional()
          .meta({ description: 'What happens if nobody acted until then. Needs `after`.', example: 'roll-back' }),
      })
      .prefault({ do: 'ask', after: '1h', then: 'roll-back' })
      .meta({ description: 'When the deadline of the whole plan passes.' }),
    maxRollbackTime: planDuration('policy', {
      description: 'Objective for a rollback, shown in the report.',
    }).prefault('2m'),
  })
  .prefault({})
  .meta({ description: 'What happens in trouble.' });
