/** MurmurHash3 (32 bit, seed 0) over a text's UTF-16 code units, bit for bit as the reference flagd evaluator takes it. */

const firstFactor = 0xcc9e2d51;
const secondFactor = 0x1b873593;

const rotate = (bits: number, by: number): number => (bits << by) | (bits >>> (32 - by));

const scramble = (block: number): number => Math.imul(rotate(Math.imul(block, firstFactor), 15), secondFactor);

/** Unsigned, 0 to 2³² − 1. */
export function hashText(text: string): number {
  const unit = (index: number): number => (index < text.length ? text.charCodeAt(index) : 0);
  const wholeBlocks = text.length - (text.length % 4);
  let hash = 0;
  for (let at = 0; at < wholeBlocks; at += 4) {
    const top = unit(at + 3);
    const block = unit(at) ^ (unit(at + 1) << 8) ^ (unit(at + 2) << 16) ^ ((top & 0xff) << 24) ^ (top >>> 8);
    hash = Math.imul(rotate(hash ^ scramble(block), 13), 5) + 0xe6546b64;
  }
  const tail = unit(wholeBlocks) ^ (unit(wholeBlocks + 1) << 8) ^ (unit(wholeBlocks + 2) << 16);
  // The reference leaves out a tail whose top bit is set, which only code units above U+7FFF give.
  if (tail > 0) hash ^= scramble(tail);
  return finish(hash ^ text.length);
}

function finish(hash: number): number {
  let bits = hash ^ (hash >>> 16);
  bits = Math.imul(bits, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
