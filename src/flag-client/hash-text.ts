/** MurmurHash3 (32 bit, seed 0) over a text's UTF-16 code units, bit for bit as flagd's JavaScript evaluator takes it. */

const scramble = (block: number): number => {
  const bits = Math.imul(block, 0xcc9e2d51);
  return Math.imul((bits << 15) | (bits >>> 17), 0x1b873593);
};

/** What was absorbed last: the units of a block that is not whole, and how many units in all. */
let block: number;
let count: number;

/** @returns the hash of the whole blocks */
function absorb(text: string, hash: number): number {
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    // Shifts count modulo 32: four units fill a block.
    block ^= unit << (count << 3);
    count += 1;
    if ((count & 3) === 0) {
      hash ^= scramble(block ^ (unit >>> 8));
      hash = Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64;
      block = 0;
    }
  }
  return hash;
}

/** @returns hashes `prefix` with a text behind it, unsigned, 0 to 2³² − 1; the prefix is absorbed only once. */
export function hashAfter(prefix: string): (text: string) => number {
  block = count = 0;
  const hash = absorb(prefix, 0);
  const [begun, counted] = [block, count];
  return (text) => {
    block = begun;
    count = counted;
    let bits = absorb(text, hash);
    // The reference leaves out a tail whose top bit is set, which only code units above U+7FFF give.
    bits ^= scramble(Math.max(0, block)) ^ count;
    bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
    return (bits ^ (bits >>> 16)) >>> 0;
  };
}
