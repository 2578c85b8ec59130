import { expect, test } from 'vitest';
import type { PlanStage } from '../../../../preload/contract/index.ts';
import { drawPlan } from '../../../../renderer/generation/draw-plan.ts';

const stage = (
  id: string,
  kind: PlanStage['kind'],
  inputs: string[],
  state: Partial<Pick<PlanStage, 'runs' | 'cached'>> = { runs: true },
): PlanStage => ({
  id,
  kind,
  key: id.padEnd(64, '0'),
  inputs,
  cached: null,
  runs: false,
  seconds: 1,
  slowSeconds: 1,
  ...state,
});

test('inputs lie above the steps that read them first, a followed run below, each step beside the one before', () => {
  const drawing = drawPlan({
    stages: [
      stage('followed-state-2', 'denoise', ['state-1'], { cached: 'disk' }),
      stage('text-0', 'encode-text', [], { cached: 'memory' }),
      stage('state-0', 'noise', [], {}),
      stage('state-1', 'denoise', ['state-0', 'text-0'], { cached: 'memory' }),
      stage('state-2', 'denoise', ['state-1', 'text-0', 'followed-state-2']),
      stage('picture', 'decode', ['state-2']),
    ],
  });
  expect(drawing).toMatchObject({ columns: 4, rows: 3 });
  const placed = Object.fromEntries(
    drawing.stages.map(({ id, column, row, state }) => [id, [column, row, state]]),
  );
  expect(placed).toEqual({
    'followed-state-2': [2, 2, 'kept'],
    'text-0': [0, 0, 'kept'],
    'state-0': [0, 1, 'not-needed'],
    'state-1': [1, 1, 'kept'],
    'state-2': [2, 1, 'to-do'],
    picture: [3, 1, 'to-do'],
  });
  const edges = drawing.edges.map(({ from, to }) => `${from.id}>${to.id}`);
  expect(edges).toContain('text-0>state-1');
  expect(edges).not.toContain('text-0>state-2');
  expect(edges).toContain('followed-state-2>state-2');
});
