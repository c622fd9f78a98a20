/** A worker for the bare workflow: one activity writes a file as durably as the file store does, the other does nothing. */
import { bundleWorkflowCode, NativeConnection, Worker } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import { open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const bareQueue = 'bare';

export async function startBareWorker({ dir, address }, closers) {
  const quiet = () => undefined;
  const logger = { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: quiet, error: console.error };
  const workflowsPath = fileURLToPath(new URL('bare-workflow.mjs', import.meta.url));
  const workflowBundle = await bundleWorkflowCode({ workflowsPath, logger });
  const connection = await NativeConnection.connect({ address });
  await closers.add(() => connection.close());
  const worker = await Worker.create({
    connection,
    taskQueue: bareQueue,
    workflowBundle,
    activities: { writeFile: () => writeDurably(join(dir, 'bare.json')), tick: () => Promise.resolve() },
    shutdownForceTime: '10 s',
  });
  const running = worker.run();
  await closers.add(async () => {
    worker.shutdown();
    await running;
  });
}

/** Temp file, fsync, rename, directory fsync. The instant it was durable, in epoch milliseconds. */
async function writeDurably(path) {
  const temporary = `${path}.${randomUUID()}`;
  const file = await open(temporary, 'wx');
  await file.writeFile('{"flags":{}}\n');
  await file.sync();
  await file.close();
  await rename(temporary, path);
  const folder = await open(dirname(path), 'r');
  await folder.sync();
  await folder.close();
  return Date.now();
}
