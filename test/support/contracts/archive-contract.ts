/** What every archive keeps to. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Archive } from '../../../src/adapters/archive/archive.js';

export interface ArchiveUnderTest {
  readonly archive: Archive;
  close(): Promise<void>;
}

export function archiveContract(name: string, open: () => Promise<ArchiveUnderTest>): void {
  describe(`archive contract: ${name}`, () => {
    let opened: ArchiveUnderTest;
    let archive: Archive;
    beforeEach(async () => {
      opened = await open();
      archive = opened.archive;
    });
    afterEach(() => opened.close());

    it('gives back what was put, and nothing where nothing was', async () => {
      await archive.put('production/flag/run/plan.json', '{"name":"é ✓ \u{1f6a9}"}\n');
      expect(await archive.get('production/flag/run/plan.json')).toBe('{"name":"é ✓ \u{1f6a9}"}\n');
      expect(await archive.get('production/flag/run/report.md')).toBeNull();
      expect(await archive.get('another')).toBeNull();
      expect(await archive.get('production/flag/run/plan.json/deeper')).toBeNull();
    });

    it('replaces what was there, also by something empty', async () => {
      await archive.put('a/audit.jsonl', 'a long first text\n');
      await archive.put('a/audit.jsonl', 'short\n');
      expect(await archive.get('a/audit.jsonl')).toBe('short\n');
      await archive.put('a/audit.jsonl', '');
      expect(await archive.get('a/audit.jsonl')).toBe('');
    });

    it('keeps one of two that are put at once, whole', async () => {
      const texts = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(200_000));
      await Promise.all(texts.map((text) => archive.put('same/file', text)));
      expect(texts).toContain(await archive.get('same/file'));
    });

    it.each(['', '/etc/passwd', '../outside', 'a/../../outside', 'a//b', 'a/.', 'a/', '..', 'a\\b', 'a\0b'])(
      'refuses the path %j',
      async (path) => {
        const refusal = {
          name: 'AdapterError',
          reason: 'refused',
          message: `"${path}" is not a path inside the archive.`,
        };
        await expect(archive.put(path, 'x')).rejects.toMatchObject(refusal);
        await expect(archive.get(path)).rejects.toMatchObject(refusal);
      },
    );
  });
}
