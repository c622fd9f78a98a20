/** What the command center's page says of one plan: what to watch how often, and commands with its names filled in. */
import { formatDuration } from '../../core/duration.js';
import { formatLimit } from '../../core/number-text.js';
import { fillWindow, type Check, type Plan } from '../../core/plan.js';
import { fence } from './alert-block.js';

/** The checks of the watch, the most frequent first, as Holdpoint itself asks them. */
export function watchBlock({ watch, checks, stages }: Plan): string {
  const watched = watch.checks.flatMap((name) => checks[name] ?? []);
  const rhythms = [...new Set(watched.map(({ everyMs }) => everyMs))].sort((a, b) => a - b);
  const gated = Object.values(checks).filter(
    ({ name }) => !watch.checks.includes(name) && stages.some(({ gate }) => gate.checks.includes(name)),
  );
  const sections = rhythms.map((everyMs, at) => ({
    title: `${at === 0 ? 'Critical' : 'Important'}, every ${formatDuration(everyMs)}`,
    shown: watched.filter((check) => check.everyMs === everyMs),
  }));
  return [...sections, { title: 'At every hold point', shown: gated }]
    .filter(({ shown }) => shown.length > 0)
    .map(({ title, shown }) => [`**${title}**`, ...shown.map(queryOf)].join('\n\n'))
    .join('\n\n');
}

function queryOf({ title, limit, unit, severity, windowMs, queries }: Check): string {
  return `${title}: ${formatLimit(limit, unit)} (${severity}).\n\n${fence(fillWindow(queries.value, windowMs))}`;
}

/** Templates: what is written in capitals is yours to set. */
export function commandsBlock({ flag }: Plan, service: string): string {
  const { environment, key } = flag;
  const rollout = `${environment}/${key}`;
  const commands: readonly (readonly [what: string, lines: readonly string[]])[] = [
    [
      'The rollout',
      [`holdpoint status ${rollout}`, `holdpoint why ${rollout}`, `holdpoint checklist --rollout ${rollout}`],
    ],
    ['The way back', [`holdpoint rollback ${rollout}`, `holdpoint rollback ${rollout} --break-glass`]],
    [
      'Pods: do they run, since when, restarted how often',
      [
        `kubectl --namespace ${environment} get pods --selector app.kubernetes.io/name=${service} --output wide`,
        `kubectl --namespace ${environment} rollout history deployment/${service}`,
        `kubectl --namespace ${environment} top pods --selector app.kubernetes.io/name=${service}`,
        `kubectl --namespace ${environment} get events --sort-by .lastTimestamp`,
      ],
    ],
    [
      'Logs: what fails',
      [
        `kubectl --namespace ${environment} logs deployment/${service} --since 15m --all-containers | grep -i error | tail -50`,
        `kubectl --namespace holdpoint logs --selector app.kubernetes.io/name=holdpoint --since 15m --tail -1 | grep -F ${key}`,
      ],
    ],
    [
      'The database: slow operations, connections, lag',
      [
        `mongosh "$MONGO_URL" --quiet --eval 'db.currentOp({ active: true, secs_running: { $gt: 5 } }).inprog.length'`,
        `mongosh "$MONGO_URL" --quiet --eval 'db.serverStatus().connections'`,
        `mongosh "$MONGO_URL" --quiet --eval 'rs.printSecondaryReplicationInfo()'`,
      ],
    ],
  ];
  return commands.map(([what, lines]) => `${what}:\n\n\`\`\`sh\n${lines.join('\n')}\n\`\`\``).join('\n\n');
}
