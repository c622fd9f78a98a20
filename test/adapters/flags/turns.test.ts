/** Who is next among the writers of one process. */
import { expect, it } from 'vitest';
import { takeTurn } from '../../../src/adapters/flags/turns.js';

const patient = { first: false, patienceMs: 60_000 };

it('is one at a time in the order they came, a rollback before all who wait but after the one who writes', async () => {
  const order: string[] = [];
  const write = async (name: string, first = false): Promise<void> => {
    const end = await takeTurn('document', { ...patient, first });
    order.push(`${name} begins`);
    await new Promise((resolve) => setImmediate(resolve));
    order.push(`${name} ends`);
    end?.();
  };
  await Promise.all([write('a'), write('b'), write('c'), write('back 1', true), write('back 2', true)]);
  const expected = ['a', 'back 1', 'back 2', 'b', 'c'].flatMap((name) => [`${name} begins`, `${name} ends`]);
  expect(order).toEqual(expected);
});

it('is nobody else’s business at another document', async () => {
  const end = await takeTurn('one', patient);
  (await takeTurn('two', patient))?.();
  end?.();
});

it('never comes to who has waited too long, and the rest of the line stays in order', async () => {
  const end = await takeTurn('document', patient);
  const later = takeTurn('document', patient);
  expect(await takeTurn('document', { first: true, patienceMs: 1 })).toBeNull();
  let over = false;
  void later.then(() => {
    over = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(over).toBe(false);
  end?.();
  (await later)?.();
  (await takeTurn('document', patient))?.();
});
