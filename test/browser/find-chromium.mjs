/** Finds a Chromium: HOLDPOINT_CHROMIUM, then the PATH. It is not fetched: it needs system libraries that only a package brings. */
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

const isExecutable = (path) =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

/** @returns {Promise<string>} */
export async function findChromium(env = process.env) {
  const named = env.HOLDPOINT_CHROMIUM;
  if (named !== undefined && named !== '') {
    if (await isExecutable(named)) return named;
    throw new Error(`HOLDPOINT_CHROMIUM names ${named}, which is no executable file. Correct it or unset it.`);
  }
  for (const folder of (env.PATH ?? '').split(delimiter).filter(Boolean)) {
    for (const name of names) if (await isExecutable(join(folder, name))) return join(folder, name);
  }
  throw new Error(
    `No Chromium was found (${names.join(', ')} on PATH). Install one (apt-get install chromium), or set HOLDPOINT_CHROMIUM.`,
  );
}
