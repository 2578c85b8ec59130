import { expect, test, vi } from 'vitest';
import { createProgressLine } from '../../../../main/cli/progress-line.ts';

const event = { jobId: 'j', stage: 'Painting', step: 3, steps: 20, secondsLeft: 1.26, cause: null };

test('on a terminal one line is overwritten, sentences stay, and the end leaves nothing', () => {
  const written: string[] = [];
  const line = createProgressLine({ isTTY: true, write: (text: string) => written.push(text) > 0 });
  line.update(event);
  line.update({ ...event, step: 4, cause: 'the generator restarted' });
  line.say('It goes on.');
  line.update({ ...event, stage: 'Waiting', step: 0 });
  line.end();
  line.end();
  const clear = '\r\u001B[K';
  expect(written).toEqual([
    'Painting 3/20, 1.3 s left',
    clear,
    'Painting 4/20, 1.3 s left (the generator restarted)',
    clear,
    'It goes on.\n',
    'Waiting, 1.3 s left',
    clear,
  ]);
});

test('elsewhere a line comes now and then, and always when time left rose', () => {
  vi.useFakeTimers();
  const written: string[] = [];
  const line = createProgressLine({ isTTY: false, write: (text: string) => written.push(text) > 0 });
  line.update(event);
  line.update({ ...event, step: 4 });
  line.update({ ...event, step: 5, cause: 'slower' });
  vi.advanceTimersByTime(2500);
  line.update({ ...event, step: 9 });
  line.end();
  vi.useRealTimers();
  expect(written).toEqual([
    'Painting 3/20, 1.3 s left\n',
    'Painting 5/20, 1.3 s left (slower)\n',
    'Painting 9/20, 1.3 s left\n',
  ]);
});
