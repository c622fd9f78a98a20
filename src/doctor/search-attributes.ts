/** Whether the server knows the search attributes: a rollout that sets one it does not know cannot move. */
import { attributeTypes } from '../search-attributes.js';
import { grpcCode, grpcCodeOf } from '../temporal-reach.js';
import { ok, warn, wrong, type DoctorLine } from './line.js';
import { askTemporal, callMs, type Check } from './place.js';

const about = 'search attributes';
/** As `temporal.api.enums.v1.IndexedValueType` counts them, and as the command spells them. */
const typeNames: Readonly<Record<number, string>> = { 2: 'Keyword', 4: 'Double' };

/** unimplemented */
const notThere = 12;
const notOurs: readonly (number | null)[] = [grpcCode.permissionDenied, grpcCode.unauthenticated, notThere];

export const searchAttributesKnown: Check = {
  about,
  silence: 'unreachable',
  look: (place) =>
    askTemporal(about, place, async (reach) => {
      const { client, namespace } = reach;
      try {
        const { customAttributes } = await reach.ask({
          what: 'Listing the search attributes',
          limitMs: callMs,
          run: () => client.connection.operatorService.listSearchAttributes({ namespace }),
        });
        return [judgeAttributes(customAttributes ?? {}, namespace)];
      } catch (error) {
        if (!notOurs.includes(grpcCodeOf(error))) throw error;
        const names = Object.keys(attributeTypes).join(', ');
        return [warn(about, 'this server does not let us list them', `Make sure that these exist: ${names}`)];
      }
    }),
};

export function judgeAttributes(found: Readonly<Record<string, unknown>>, namespace: string): DoctorLine {
  const known = Object.keys(attributeTypes);
  const odd = known.filter((name) => found[name] !== undefined && Number(found[name]) !== attributeTypes[name]);
  if (odd.length > 0) {
    const types = odd.map((name) => `${name} must be ${typeNames[attributeTypes[name] ?? 0]}`).join(', ');
    return wrong(
      about,
      `of another type: ${types}`,
      'Remove them with temporal operator search-attribute remove, then start a worker',
    );
  }
  const missing = known.filter((name) => found[name] === undefined);
  if (missing.length === 0) return ok(about, `${known.join(', ')} are registered`);
  const options = missing.map((name) => `--name ${name} --type ${typeNames[attributeTypes[name] ?? 0]}`).join(' ');
  return wrong(
    about,
    `not registered: ${missing.join(', ')}`,
    `A worker registers them when it starts: holdpoint worker. Where it may not: temporal operator search-attribute create --namespace ${namespace} ${options}`,
  );
}
