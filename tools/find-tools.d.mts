export type ToolName =
  'temporal' | 'temporal-test-server' | 'prometheus' | 'promtool' | 'amtool' | 'postgres' | 'unleash-server';

export interface FoundTool {
  readonly name: ToolName;
  readonly path: string;
  readonly version: string;
  readonly from: 'environment' | 'path' | 'cache' | 'download';
}

export interface FindOptions {
  /** One line about what is being fetched, and how it went. */
  readonly onProgress?: (line: string) => void;
  readonly cacheDir?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** The message says what was tried and what to install. */
export class ToolNotFoundError extends Error {}

export function findTool(name: ToolName, options?: FindOptions): Promise<FoundTool>;
export function findTools(names: readonly ToolName[], options?: FindOptions): Promise<FoundTool[]>;
