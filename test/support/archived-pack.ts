/** What a rollout left in a memory archive, as a pack that can be verified. */
import { expect } from 'vitest';
import type { MemoryArchive } from '../../src/adapters/archive/memory-archive.js';
import { textDigest } from '../../src/core/digest.js';
import type { Pack } from '../../src/core/pack.js';
import type { RolloutResult } from '../../src/core/rollout-shapes.js';
import { verifyPack } from '../../src/core/verify-pack.js';

/** By path in the pack. */
export type Texts = ReadonlyMap<string, string>;

export const packOf = (texts: Texts, folder = ''): Pack => ({
  folder,
  files: new Map([...texts].map(([path, text]) => [path, { text, digest: textDigest(text) }])),
});

export const textsOf = ({ files }: Pack): Map<string, string> =>
  new Map([...files].map(([path, { text }]) => [path, text]));

/** @param path - of the pack in the archive; its last part is the run's id. */
export function packIn({ files }: MemoryArchive, path: string): Pack {
  const inside = [...files].filter(([file]) => file.startsWith(`${path}/`));
  return packOf(new Map(inside.map(([file, text]) => [file.slice(path.length + 1), text])), path.split('/').at(-1));
}

/** Whole, and the evidence of each verdict that was kept gives its digest again. */
export function assertPack(pack: Pack, { auditHead, outcome }: RolloutResult): void {
  const verdict = verifyPack(pack, { kind: 'head', head: auditHead, from: 'of the result' });
  expect(verdict.findings).toEqual([]);
  expect(verdict).toMatchObject({ whole: true, anchored: true, outcome, head: auditHead });
  const verdicts = pack.files.get('audit.jsonl')?.text.match(/"kind":"verdict"/g) ?? [];
  expect(verdict.evidenceChecked + verdict.gaps.length).toBe(verdicts.length);
}
