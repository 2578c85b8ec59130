import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createDocumentFile, openDocument } from '../../../../main/documents/document.ts';
import { loadDocument } from '../../../../main/documents/load-document.ts';
import { History } from '../../../../renderer/engine/history/history.ts';
import { seeded } from '../../renderer/engine/compositor/random-document.ts';
import { fingerprint } from '../../renderer/engine/fingerprint.ts';
import { EDGE, randomOperation } from '../../renderer/engine/random-operation.ts';

/** How many: the bar is 10,000 (`IMPASTO_OPERATIONS=10000`), fewer by default so that the suite stays quick. */
const COUNT = Number(process.env['IMPASTO_OPERATIONS'] ?? 250);

/** Bytes of pixels that steps may keep in memory: most of them come back from the file. */
const BUDGET = 16 * 1024 * 1024;

it(`undo and redo of ${COUNT} random operations lead through the same documents, memory within its budget`, async () => {
  // Tens of thousands of transactions wait for a disk in vain: what is on it after a crash is tested elsewhere.
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'impasto-operations-'));
  const path = join(folder, 'all.impasto');
  createDocumentFile(path, 'all', EDGE, EDGE);
  const stored = openDocument(path, { budgetBytes: Number.MAX_SAFE_INTEGER, keepSteps: COUNT });
  try {
    const random = seeded(20);
    const document = loadDocument(stored);
    let fileHead = 0;
    const history = new History(document, {
      budgetBytes: BUDGET,
      store: {
        changesBetween: async (_from, to) => {
          fileHead = to;
          return stored.moveHead(to, true).changes;
        },
      },
      steps: [],
      head: 0,
    });
    history.subscribe((event) => {
      if (event.type === 'commit') stored.commit(event.entry.label, event.entry.after);
      // The file has moved already where the step was read from it. (Its whole state is the list of all steps.)
      else if (fileHead !== event.head) stored.moveHead(event.head, false);
      fileHead = history.head;
    });
    const states = [fingerprint(document)];
    let largest = 0;
    for (let number = 0; states.length <= COUNT; number++) {
      try {
        const changes = randomOperation(document, random, number);
        if (!changes || changes.length === 0) continue;
        history.record(`Step ${number}`, changes);
      } catch (error) {
        // What does not fit (a merge with nothing below, a locked layer) leaves everything as it was.
        expect(error).toMatchObject({ name: 'EngineError' });
        expect(fingerprint(document)).toBe(states.at(-1));
        continue;
      }
      states.push(fingerprint(document));
      largest = Math.max(largest, history.residentBytes);
    }
    // The last step always stays in memory, however large it is.
    expect(largest).toBeLessThan(BUDGET + 24 * 1024 * 1024);
    for (let at = states.length - 2; at >= 0; at--) {
      expect(await history.undo()).toBe(true);
      expect(fingerprint(document), `back at ${at}`).toBe(states[at]);
    }
    expect(await history.undo()).toBe(false);
    expect(fingerprint(loadDocument(stored))).toBe(states[0]);
    for (let at = 1; at < states.length; at++) {
      expect(await history.redo()).toBe(true);
      expect(fingerprint(document), `on at ${at}`).toBe(states[at]);
    }
    // The file walked along.
    expect(fingerprint(loadDocument(stored))).toBe(states.at(-1));
  } finally {
    stored.close();
    rmSync(folder, { recursive: true, force: true });
  }
}, 3_600_000);
