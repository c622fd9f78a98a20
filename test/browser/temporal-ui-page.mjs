/** Temporal's UI as a person works with it: the list, a rollout's card, its dialogs. Says what did not happen by timing out. */

const inMenu = { signal: 'Send a Signal', update: 'Send an Update' };

/** @param {import('playwright-core').Page} page @param {string} address of the UI @param {string} namespace */
export function openTemporalUi(page, address, namespace) {
  const workflows = `${address}/namespaces/${namespace}/workflows`;
  const card = page.frameLocator('iframe').last().locator('body');
  return {
    openList: async (columns) => {
      await page.goto(workflows);
      await page.getByRole('button', { name: 'Configure Columns' }).click();
      for (const column of columns)
        await page.getByRole('button', { name: `Add ${column} column`, exact: true }).click();
      for (const column of ['Run ID', 'Type', 'Start', 'End'])
        await page.getByRole('button', { name: `Remove ${column} column`, exact: true }).click();
      await page.getByRole('button', { name: 'Close Workflows Table configuration' }).click();
      // It slides away.
      await page.waitForTimeout(1_000);
    },
    openRollout: (rollout, runId, tab) => page.goto(`${workflows}/${encodeURIComponent(rollout)}/${runId}/${tab}`),
    /** Waits until the card says so; the card is a snapshot, so it is asked for again. */
    untilCardSays: async (text) => {
      for (let tries = 0; tries < 15; tries += 1) {
        const there = card.getByText(text).first();
        const shown = await there.waitFor({ timeout: 3_000 }).then(
          () => true,
          () => false,
        );
        if (shown) return;
        await page.reload();
      }
      throw new Error(`The details card never said "${text}".`);
    },
    cardText: () => card.innerText(),
    /** `kind`: signal or update. Answers with a picture of the dialog just before it was sent. */
    send: async (kind, name, data) => {
      const dialog = await openDialog(page, kind);
      await dialog.getByTestId(`${kind}-select-button`).click();
      await dialog.getByRole('option', { name: new RegExp(`^${name} `) }).click();
      const box = dialog.getByRole('textbox', { name: 'Data' });
      await box.fill(data);
      // Leaving the box sets the data out in lines, which moves the button: a click meanwhile would miss it.
      await box.blur();
      await page.waitForTimeout(500);
      const picture = await dialog.screenshot();
      await dialog.getByTestId('confirm-modal-button').click();
      await dialog.waitFor({ state: 'hidden' });
      return picture;
    },
    /** What the dialog offers, with its description. */
    offered: async (kind) => {
      const dialog = await openDialog(page, kind);
      const options = await dialog.getByRole('option', { includeHidden: true }).allTextContents();
      await dialog.getByTestId('cancel-modal-button').click();
      return options.map((option) => option.replaceAll(/\s+/g, ' ').trim());
    },
    /** The page behind the button _Start Workflow_. */
    start: async ({ workflowId, taskQueue, type, data }) => {
      await page.goto(`${workflows}/start-workflow`);
      await page.getByLabel('Workflow ID').fill(workflowId);
      await page.getByLabel('Task Queue').fill(taskQueue);
      await page.getByLabel('Workflow Type').fill(type);
      const box = page.getByRole('textbox', { name: 'Data' });
      await box.fill(data);
      await box.blur();
      await page.waitForTimeout(500);
      await page.getByRole('button', { name: 'Start Workflow' }).click();
    },
    requestCancellation: async () => {
      await page.getByRole('button', { name: 'Request Cancellation' }).click();
      await page.getByRole('dialog').getByTestId('confirm-modal-button').click();
    },
  };
}

async function openDialog(page, kind) {
  await page.getByRole('button', { name: 'More Actions' }).click();
  await page.getByRole('menuitem', { name: inMenu[kind] }).click();
  const dialog = page.getByRole('dialog', { name: inMenu[kind] });
  await dialog.waitFor();
  return dialog;
}
