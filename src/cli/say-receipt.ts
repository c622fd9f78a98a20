/** A receipt, for people or as JSON. */
import { plain } from './plain.js';
import { renderReceipt, type ReceiptView } from './render/receipt.js';
import type { Terminal } from './terminal.js';

export function sayReceipt(terminal: Terminal, view: ReceiptView, { json }: { readonly json?: boolean }): void {
  const { answer, tookMs } = view;
  terminal.data(
    json === true ? JSON.stringify({ ...answer, tookMs }, null, 2) : renderReceipt(plain(view), terminal.paint),
  );
}
