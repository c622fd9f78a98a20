/** What a plan says about messages, allowed and still not what anybody would want in the middle of an incident. */
import type { Plan } from '../core/plan.js';
import type { Problem } from '../documents/problem.js';
import { problemAt, type ReadDocument } from '../documents/read-document.js';
import type { PlanComms } from './plan-comms.js';
import { isFieldName } from './template-fields.js';
import type { Template } from './template.js';

type Said = Pick<PlanComms, 'templates' | 'fields'>;

export function planCommsWarnings(said: Said, document: ReadDocument, plan: Plan): Problem[] {
  return [...unshown(said, document), ...unendedStories(said), ...unheardPromises(said, document, plan)].map((one) => ({
    ...one,
    severity: 'warning',
  }));
}

/** What is asked for when a message is sent is never taken from the plan. */
function unshown({ templates, fields }: Said, { file, locate }: ReadDocument): Problem[] {
  return Object.keys(fields).flatMap((name) => {
    if (!isFieldName(name)) return [];
    const given = templates.map((template) => template.fields[name]);
    if (given.some((by) => by === 'plan' || by === 'optional')) return [];
    const why = given.includes('send') ? 'is asked for whenever a message is sent' : 'is shown by no template';
    const message = `comms.fields.${name}: ${name} ${why}, so nobody reads this; leave it out, or let a template take it from here with fields: { ${name}: plan }`;
    return [problemAt(file, locate(['comms', 'fields', name]), message)];
  });
}

/** Readers who were told of an incident are told when it is over. */
function unendedStories({ templates }: Said): Problem[] {
  const ends = ({ medium, audience }: Template): boolean =>
    templates.some((one) => one.moment === 'incident-final' && one.medium === medium && one.audience === audience);
  return templates
    .filter((one) => one.moment === 'incident-initial' && !ends(one))
    .map(({ file, place, medium, audience }) =>
      problemAt(
        file,
        place,
        `there is no last word for these readers: no template is moment: incident-final, medium: ${medium}, audience: ${audience}; write one beside it`,
      ),
    );
}

const promises = ({ moment }: Template): boolean => moment === 'incident-initial' || moment === 'incident-update';

function unheardPromises({ templates }: Said, { file, locate }: ReadDocument, { channels }: Plan): Problem[] {
  const promising = templates.filter(promises);
  if (channels.length > 0 || promising.length === 0) return [];
  const names = promising.map(({ name }) => name).join(', ');
  const message = `comms: ${names} promise an update, and nobody would be reminded of it: the plan announces nowhere; add announce: { channels: [release-room] }`;
  return [problemAt(file, locate(['comms']), message)];
}
