/** One machine per folder, also after a sudden end. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FolderInUseError, takeFolder } from '../../src/dev/machine-folder.js';
import { tempFolder } from '../support/temp-folder.js';

async function aDeadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid ?? 0;
}

describe('a folder', () => {
  it('is made with an empty flag document, and a document in it is left alone', async () => {
    const dir = join(await tempFolder(), 'new');
    const folder = await takeFolder(dir);
    expect(JSON.parse(await readFile(folder.flagsPath, 'utf8'))).toEqual({ flags: {} });
    await writeFile(folder.flagsPath, '{"flags":{"mine":{}}}');
    await folder.release();
    const again = await takeFolder(dir);
    expect(await readFile(again.flagsPath, 'utf8')).toBe('{"flags":{"mine":{}}}');
  });

  it('is refused while another process has it, naming that process', async () => {
    const dir = await tempFolder();
    await writeFile(join(dir, 'machine.lock'), JSON.stringify({ pid: process.ppid, children: [] }));
    await expect(takeFolder(dir)).rejects.toThrow(FolderInUseError);
    await expect(takeFolder(dir)).rejects.toThrow(String(process.ppid));
  });

  it('is taken over from a process that is gone, but not before its children are', async () => {
    const dir = await tempFolder();
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(child, 'spawn');
    const children = [child.pid ?? 0];
    await writeFile(join(dir, 'machine.lock'), JSON.stringify({ pid: await aDeadPid(), children }));
    let taken = false;
    const taking = takeFolder(dir).then(() => (taken = true));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(taken).toBe(false);
    child.kill('SIGKILL');
    await taking;
  });

  it('is taken over when its lock says nothing', async () => {
    const dir = await tempFolder();
    await writeFile(join(dir, 'machine.lock'), '');
    const folder = await takeFolder(dir);
    await folder.release();
  });
});
