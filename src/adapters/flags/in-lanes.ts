/** Asking many things of one server, a few at a time, answers in order. */

const lanes = 8;

export async function inLanes<T, R>(things: readonly T[], ask: (thing: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < things.length; index = next++) {
      answers[index] = await ask(things[index] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, things.length) }, lane));
  return answers;
}
