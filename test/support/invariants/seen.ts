/** I6 and I7: what those see who read the document all the time. */
import type { Invariant } from './story.js';

/** I6: the document always parses, and whatever becomes of it a client keeps to what it last said. */
export const documentIsNeverTorn: Invariant = ({ sightings, brokenByHand }) => {
  const wrong: string[] = [];
  let last: number | null = 0;
  let torn = false;
  for (const sighting of sightings) {
    switch (sighting.kind) {
      case 'document':
        last = sighting.percent;
        torn = false;
        break;
      case 'torn':
        torn = true;
        if (brokenByHand !== true) wrong.push(`the document was torn: ${JSON.stringify(sighting.text.slice(0, 80))}`);
        break;
      case 'client':
        if (torn && sighting.percent !== last)
          wrong.push(`the client went to ${sighting.percent} % on a torn document; the last whole one said ${last} %`);
        break;
    }
  }
  return wrong;
};

/** I7: a client is only ever where the document or the store's log has been, and ends where the document ends. */
export const clientConverges: Invariant = ({ sightings, writes }) => {
  const said = new Set<number | null>([0, ...writes.flatMap(({ before, percent }) => [before, percent])]);
  for (const sighting of sightings) if (sighting.kind === 'document') said.add(sighting.percent);
  const client = sightings.filter((sighting) => sighting.kind === 'client');
  const end = sightings.findLast((sighting) => sighting.kind === 'document');
  const last = client.at(-1)?.percent;
  return [
    ...client
      .filter(({ percent }) => !said.has(percent))
      .map(({ percent }) => `the client was at ${percent} %, which nobody wrote`),
    ...(end === undefined || last === undefined || last === end.percent
      ? []
      : [`the client stayed at ${last} %; the document says ${end.percent} %`]),
  ];
};
