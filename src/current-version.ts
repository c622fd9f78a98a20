/** A versioned worker gets no new rollout until its version is current: said at its start, with the command for it. */
import type { NativeConnection } from '@temporalio/worker';
import type { DeploymentConfig } from './config.js';
import type { Logger } from './log.js';
import { grpcCodeOf, rootOf } from './temporal-reach.js';

interface Place {
  readonly connection: NativeConnection;
  readonly address: string;
  readonly namespace: string;
}

const notFound = 5;

/** Never throws: not being allowed to ask is no reason to run nothing. */
export async function sayWhenNotCurrent(
  { name, buildId }: DeploymentConfig,
  { connection, address, namespace }: Place,
  log: Logger,
): Promise<void> {
  try {
    const current = await readCurrent(connection, namespace, name);
    if (current === buildId) return;
    const command = `temporal worker deployment set-current-version --address ${address} --namespace ${namespace} --deployment-name ${name} --build-id ${buildId}`;
    log.warn(
      { deployment: name, buildId, current },
      `New rollouts go to ${current === null ? 'workers without a version' : `version ${current}`}, not to this worker. To send them to its version: ${command}`,
    );
  } catch (error) {
    log.warn(
      { deployment: name, buildId, why: rootOf(error).message },
      'Whether this version gets new rollouts could not be asked. See it with: temporal worker deployment describe',
    );
  }
}

/** Null while no version is current: the deployment is made by its first worker. */
async function readCurrent(connection: NativeConnection, namespace: string, name: string): Promise<string | null> {
  try {
    const { workerDeploymentInfo } = await connection.workflowService.describeWorkerDeployment({
      namespace,
      deploymentName: name,
    });
    return workerDeploymentInfo?.routingConfig?.currentDeploymentVersion?.buildId || null;
  } catch (error) {
    if (grpcCodeOf(error) !== notFound) throw error;
    return null;
  }
}
