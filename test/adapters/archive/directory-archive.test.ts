/** The directory archive keeps to the contract; no room and no rights are errors that name it. */
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDirectoryArchive } from '../../../src/adapters/archive/directory-archive.js';
import { compiled } from '../../support/compiled.js';
import { archiveContract } from '../../support/contracts/archive-contract.js';
import { tryHindered } from '../../support/hindered-child.js';
import { tempFolder } from '../../support/temp-folder.js';

archiveContract('directory', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-'));
  return {
    // Made at the first put.
    archive: openDirectoryArchive(join(folder, 'not', 'there', 'yet')),
    close: () => rm(folder, { recursive: true }),
  };
});

describe('the directory archive', () => {
  const program = compiled('test/support/children/hindered-writer.ts');
  const put = (root: string, text: string, asNobody = false) => ({
    asNobody,
    write: { kind: 'put', root, path: 'pack/audit.jsonl', text } as const,
  });

  it('keeps the file as it was when there is no room for the new one, and leaves nothing half', async () => {
    const root = await tempFolder();
    await openDirectoryArchive(root).put('pack/audit.jsonl', 'as it was\n');
    expect(await tryHindered(program(), put(root, 'x'.repeat(60_000)), 16)).toEqual({
      kind: 'error',
      name: 'AdapterError',
      reason: 'no-space',
      message: `The archive could not write ${root}/pack/audit.jsonl: it would grow over the file size limit of this process (ulimit -f); raise the limit.`,
    });
    expect(await readdir(join(root, 'pack'))).toEqual(['audit.jsonl']);
    expect(await readFile(join(root, 'pack', 'audit.jsonl'), 'utf8')).toBe('as it was\n');
  });

  it('says when it may not write', async () => {
    const root = await tempFolder();
    await chmod(root, 0o555);
    expect(await tryHindered(program(), put(root, 'x', true))).toMatchObject({
      reason: 'not-permitted',
      message: `The archive could not write ${root}/pack/audit.jsonl: this process may not write or read there; give it the rights.`,
    });
    await chmod(root, 0o755);
  });

  it('says when something else has the name', async () => {
    const root = await tempFolder();
    await writeFile(join(root, 'pack'), '');
    await expect(openDirectoryArchive(root).put('pack/plan.json', '{}')).rejects.toMatchObject({
      name: 'AdapterError',
      adapter: `archive ${root}`,
      reason: 'unreachable',
      message: expect.stringMatching(
        /^The archive could not write .*\/pack\/plan\.json: a part of its path is (a file, )?not a folder; /,
      ),
    });
    await mkdir(join(root, 'plan.json'));
    await expect(openDirectoryArchive(root).get('plan.json')).rejects.toMatchObject({
      message: `The archive could not read ${root}/plan.json: there is a folder of that name; correct the path in the configuration.`,
    });
  });
});
