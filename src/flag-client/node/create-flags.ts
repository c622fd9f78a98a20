/** In Node a document may also be a file. */
import { createFlags as createFlagsAnywhere, type CreateFlags as CreateFlagsAnywhere } from '../create-flags.js';
import type { Flags } from '../open-flags.js';
import { followFile } from './follow-file.js';

export interface CreateFlags extends CreateFlagsAnywhere {
  /** Path of the document. It need not be there yet. */
  readonly file?: string | undefined;
}

export const createFlags = (options: CreateFlags): Flags =>
  createFlagsAnywhere(options, options.file === undefined ? [] : [followFile(options.file)]);
