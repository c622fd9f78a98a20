/** Many clients in one process: the flag client, or bare readers of a stream. Says when each obeyed a round. */
const [kind, url, count] = process.argv.slice(2);
const epochMs = () => performance.timeOrigin + performance.now();

/** By round: when each client had it. */
const heard = new Map();
let waiting = () => {};
const note = (round) => {
  const at = epochMs();
  if (!heard.has(round)) heard.set(round, []);
  heard.get(round).push(at);
  waiting();
};

process.on('message', ({ round, graceMs }) => {
  const answer = () => {
    clearTimeout(timer);
    waiting = () => {};
    process.send({ round, heardAt: heard.get(round) ?? [] });
  };
  const timer = setTimeout(answer, graceMs);
  waiting = () => {
    if (heard.get(round)?.length === Number(count)) answer();
  };
  waiting();
});
process.on('disconnect', () => process.exit());

const openers = { ours: await ourClients(), bare: bareReader };
await Promise.all(Array.from({ length: Number(count) }, openers[kind]));
process.send('connected');

async function ourClients() {
  const { createFlags } = await import('../../dist/flag-client/node.js');
  return async () => {
    const flags = createFlags({ url: `${url}/flags.json` });
    flags.onChange(() => note(flags.get('round', -1)));
    await flags.ready;
  };
}

async function bareReader() {
  const answer = await fetch(url);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  await reader.read();
  void read(reader);
}

async function read(reader) {
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const events = (rest + value).split('\n\n');
    rest = events.pop();
    for (const event of events) note(JSON.parse(event.slice(event.indexOf('{'))).flags.round.variants.now);
  }
}
