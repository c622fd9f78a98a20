/** Fields that the format knows and this version does not serve: refused by name, never ignored. */
import { z } from 'zod';

/** @param message - what is not built yet, and what to do instead. */
export const notBuilt = (message: string) =>
  z
    .custom<undefined>((value) => value === undefined, { error: message })
    .meta({ notBuilt: message })
    .optional();
