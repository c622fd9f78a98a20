/** What a push costs at the least: one process writes the same bytes to all that listen, and knows nothing of flags. */
import { createServer } from 'node:http';

const listeners = new Set();
const server = createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(': beat\n\n');
  listeners.add(response);
  response.on('close', () => listeners.delete(response));
});
server.listen(0, '127.0.0.1', () => process.send(`http://127.0.0.1:${server.address().port}`));
process.on('message', (text) => {
  const bytes = Buffer.from(`event: flags\ndata: ${String(text)}\n\n`);
  for (const response of listeners) response.write(bytes);
});
process.on('disconnect', () => process.exit());
