import { defineConfig } from 'vitest/config';

/** Real servers of others take minutes to get: `npm run test:stores`. */
const stores = 'test/stores/**/*.test.ts';

export default defineConfig({
  test: {
    ...(process.env['HOLDPOINT_STORES'] === undefined
      ? { include: ['test/**/*.test.ts'], exclude: [stores] }
      : { include: [stores] }),
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
