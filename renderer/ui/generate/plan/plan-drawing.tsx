import type { Plan } from '../../../../preload/contract/index.ts';
import { drawPlan, type DrawnStage } from '../../../generation/draw-plan.ts';

const WIDTH = 320;
const ROW_HEIGHT = 24;
const RADIUS = { most: 5, least: 2 };

/** The stages of a plan from left to right: filled is there, hollow must be made, a dot is not needed. */
export function PlanDrawing({ plan }: { readonly plan: Plan }) {
  const { stages, edges, columns, rows } = drawPlan(plan);
  const column = WIDTH / columns;
  const radius = Math.max(RADIUS.least, Math.min(RADIUS.most, column / 2 - 1));
  const x = (stage: DrawnStage): number => (stage.column + 0.5) * column;
  const y = (stage: DrawnStage): number => (stage.row + 0.5) * ROW_HEIGHT;
  const count = (state: DrawnStage['state']): number => stages.filter((each) => each.state === state).length;
  return (
    <svg
      className="plan-drawing"
      role="img"
      aria-label={`${stages.length} stages: ${count('kept')} are there, ${count('to-do')} will be made`}
      viewBox={`0 0 ${WIDTH} ${rows * ROW_HEIGHT}`}
      width={WIDTH}
      height={rows * ROW_HEIGHT}
      data-testid="plan-drawing"
    >
      {edges.map(({ from, to }) => (
        <line key={`${from.id} ${to.id}`} x1={x(from)} y1={y(from)} x2={x(to)} y2={y(to)} />
      ))}
      {stages.map((stage) => (
        <circle
          key={stage.id}
          cx={x(stage)}
          cy={y(stage)}
          r={stage.state === 'not-needed' ? RADIUS.least / 2 : radius}
          data-state={stage.state}
          data-kind={stage.kind}
        />
      ))}
    </svg>
  );
}
