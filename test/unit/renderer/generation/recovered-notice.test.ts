import { expect, test } from 'vitest';
import { OverlaySlot } from '../../../../renderer/canvas/overlay-picture.ts';
import { useGeneration } from '../../../../renderer/generation/generation-store.ts';
import { Generator } from '../../../../renderer/generation/generator.ts';
import { useStatus } from '../../../../renderer/state/status-store.ts';
import type { StudioLink } from '../../../../renderer/state/studio-link.ts';
import type { StudioEvent } from '../../../../preload/contract/index.ts';

test('text 3: a job that goes on after the worker died can be stopped, until it has ended', () => {
  const asked: unknown[] = [];
  let tell: (event: StudioEvent) => void = () => undefined;
  const link = {
    request: (name: string, params: unknown) => {
      asked.push([name, params]);
      return Promise.resolve([]);
    },
    subscribe: (listener: (event: StudioEvent) => void) => {
      tell = listener;
      return () => undefined;
    },
    dialogs: null,
  } as unknown as StudioLink;
  const generator = new Generator(link, new OverlaySlot());
  expect(generator).toBeDefined();
  const payload = { jobId: 'a', stage: 'Painting', step: 12, steps: 20, secondsLeft: 3, cause: null };
  const message = 'The generator stopped at step 12 of 20. It restarted and goes on from step 11.';
  tell({ name: 'generation.progress', payload });
  tell({ name: 'generation.recovered', payload: { jobId: 'a', message } });
  const { notice } = useStatus.getState();
  expect(notice).toMatchObject({ message, action: { label: 'Stop it' } });

  notice?.action?.run();
  expect(asked).toContainEqual(['generation.cancel', { jobId: 'a' }]);
  const error = { code: 'generation/cancelled', message: 'It was cancelled.', remedy: '' };
  tell({ name: 'generation.failed', payload: { jobId: 'a', state: 'cancelled', step: 12, error } });
  expect(useStatus.getState().notice).toBeNull();

  // A press that comes too late asks for nothing, and leaves no job behind.
  asked.length = 0;
  notice?.action?.run();
  expect(asked).not.toContainEqual(['generation.cancel', { jobId: 'a' }]);
  expect(useGeneration.getState().jobs).toEqual([]);
});
