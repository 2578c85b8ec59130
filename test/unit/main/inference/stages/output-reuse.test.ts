import { describe, expect, it } from 'vitest';
import { OutputReuse } from '../../../../../main/inference/stages/output-reuse.ts';

/** Runs outputs that lie on a line, or bend, over inputs that change by a share at each step. */
async function run(threshold: number, change: number, outputAt: (at: number) => number) {
  const reuse = new OutputReuse(threshold, 20);
  const computed: number[] = [];
  const outputs: number[] = [];
  for (let at = 0; at < 20; at++) {
    const input = new Float32Array(4).fill((1 + change) ** at);
    const [output] = await reuse.output(at, input, () => {
      computed.push(at);
      return Promise.resolve(new Float32Array(4).fill(outputAt(at)));
    });
    outputs.push(output ?? Number.NaN);
  }
  return { computed, outputs, report: reuse.report };
}

describe('forecasting outputs', () => {
  it('evaluates every time at threshold 0 and where inputs change much', async () => {
    expect((await run(0, 0.01, (at) => at)).computed).toHaveLength(20);
    expect((await run(0.1, 0.5, (at) => at)).computed).toHaveLength(20);
  });

  it('evaluates once changes add up to the threshold, and at both ends', async () => {
    const { computed, report } = await run(0.1, 0.04, (at) => at);
    // 4% a step: two are left out, the third passes 10%.
    expect(computed).toEqual([0, 1, 4, 7, 10, 13, 16, 19]);
    expect(report).toMatchObject({ forecast: 12, evaluations: 20 });
  });

  it('leaves out two in a row at most, however little changes', async () => {
    const { computed } = await run(1, 0.0001, (at) => at);
    expect(computed).toEqual([0, 1, 4, 7, 10, 13, 16, 19]);
  });

  it('forecasts on a line, and says by how much it was off', async () => {
    const line = await run(0.1, 0.04, (at) => 3 + 2 * at);
    expect(line.outputs).toEqual(Array.from({ length: 20 }, (_, at) => 3 + 2 * at));
    expect(line.report.error).toBeCloseTo(0, 6);
    const bend = await run(0.1, 0.04, (at) => 100 + at * at);
    expect(bend.report.error).toBeGreaterThan(0.005);
  });
});
