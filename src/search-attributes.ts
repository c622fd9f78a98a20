/** Registers the search attributes a rollout sets: a rollout whose attributes the server does not know cannot move. */
import type { ConnectionLike } from '@temporalio/client';
import { searchAttributes } from './core/names.js';

/** `temporal.api.enums.v1.IndexedValueType` */
const keyword = 2;
const double = 4;

/** By name. */
export const attributeTypes: Readonly<Record<string, number>> = {
  [searchAttributes.flag]: keyword,
  [searchAttributes.environment]: keyword,
  [searchAttributes.state]: keyword,
  [searchAttributes.percent]: double,
};

const alreadyExists = 6;

/** Safe to call at every start and from several workers at once. */
export async function registerSearchAttributes(
  connection: ConnectionLike & OperatorConnection,
  namespace: string,
): Promise<void> {
  for (const [name, type] of Object.entries(attributeTypes)) {
    try {
      await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: { [name]: type } });
    } catch (error) {
      if ((error as { code?: unknown }).code !== alreadyExists) throw error;
    }
  }
}

interface OperatorConnection {
  readonly operatorService: {
    addSearchAttributes(request: { namespace: string; searchAttributes: Record<string, number> }): Promise<unknown>;
  };
}
