import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createDocumentService } from '../../../../main/documents/document-service.ts';

const HOUR = 3_600_000;

test('text 9: a clock that goes back is told once, and history keeps its order', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'impasto-clock-'));
  vi.useFakeTimers({ toFake: ['Date'] });
  const told: string[] = [];
  const start = () =>
    createDocumentService({
      folder,
      anywhere: false,
      notice: ({ message, remedy }) => told.push(`${message} ${remedy}`),
    });
  let service = start();
  onTestFinished(async () => {
    vi.useRealTimers();
    service.dispose();
    await rm(folder, { recursive: true, force: true });
  });
  const now = Date.UTC(2026, 5, 1, 12);
  vi.setSystemTime(now);
  const { id, layers, path } = service.create({ name: 'Clock', width: 32, height: 32 });
  const layerId = layers[0]!.id;
  const commit = (documentId: string, label: string) =>
    service.commit({
      documentId,
      label,
      changes: [{ type: 'layer-props', layerId, props: { name: label } }],
    });
  commit(id, 'one');
  // A clock that is set right by seconds is not worth a word.
  vi.setSystemTime(now - 20_000);
  commit(id, 'two');
  expect(told).toEqual([]);

  vi.setSystemTime(now - 3 * HOUR);
  commit(id, 'three');
  commit(id, 'four');
  expect(told).toEqual([
    'The clock went back 3 hours. History keeps its order by stroke, so nothing moves. ' +
      'Dates from now on may look wrong until it is set.',
  ]);
  expect(service.open({ path }).history.map(({ label }) => label)).toEqual(['one', 'two', 'three', 'four']);

  // Further back, and in another run of the studio: that is news.
  service.dispose();
  vi.setSystemTime(now - 51 * HOUR);
  service = start();
  service.open({ path });
  expect(told[1]).toMatch(/^The clock went back 2 days\./);
});
