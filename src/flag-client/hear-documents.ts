/** The documents in an answer of server-sent events, as they come: each on one `data:` line, and lines end in LF. */
import { longestText } from './flag-set.js';

/** Of an answer that is no stream it hears nothing, and ends. @param hear - each document; null for every piece, for that is a heartbeat */
export async function hearDocuments({ body }: Response, hear: (document: string | null) => void): Promise<void> {
  const reader = (body as ReadableStream<Uint8Array<ArrayBuffer>>).pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  while (rest.length <= 2 * longestText) {
    const { value } = await reader.read();
    if (!value) return;
    hear(null);
    const lines = (rest + value).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data:')) hear(line.slice(5).trim());
  }
}
