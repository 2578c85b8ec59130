import { ToggleButton } from 'react-aria-components';
import type { Rect } from '../../engine/geometry/rect.ts';
import { applyProjective, projectiveOf, type Quad } from '../../engine/transform/projective.ts';
import {
  meshOver,
  MOST_CELLS,
  moveHandles,
  remesh,
  type WarpMesh,
} from '../../engine/transform/warp-mesh.ts';
import { useTransform } from '../../state/transform-store.ts';
import { NumberInput } from '../controls/number-input.tsx';

/** Cells across and down of a new mesh. */
const CELLS = 3;

/** A mesh that lies as the corners do now. */
function meshOfCorners(source: Rect, quad: Quad): WarpMesh | null {
  const map = projectiveOf(source, quad);
  return map && meshOver(source, CELLS, CELLS, (point) => applyProjective(map, point));
}

interface WarpSwitchProps {
  readonly source: Rect;
  readonly quad: Quad;
  readonly isOn: boolean;
}

/** Goes from corners to a grid of handles, and back to the corners as they were. */
export function WarpSwitch({ source, quad, isOn }: WarpSwitchProps) {
  return (
    <ToggleButton
      className="button toggle"
      isSelected={isOn}
      onChange={(on) =>
        useTransform.setState({ mesh: on ? meshOfCorners(source, quad) : null, handle: 0, chosen: [] })
      }
    >
      Warp
    </ToggleButton>
  );
}

/** The mesh in numbers: how fine it is, and where one of its handles is. */
export function WarpFields({ mesh, handle }: { readonly mesh: WarpMesh; readonly handle: number }) {
  const chosen = useTransform((state) => state.chosen);
  const point = mesh.points[handle];
  const set = (next: WarpMesh): void => useTransform.setState({ mesh: next });
  const cells = (columns: number, rows: number): void =>
    useTransform.setState({ mesh: remesh(mesh, columns, rows), handle: 0, chosen: [] });
  const place = (label: string, key: 'x' | 'y') =>
    point && (
      <NumberInput
        label={label}
        value={Math.round(point[key] * 100) / 100}
        minimum={-32768}
        maximum={32768}
        step={0.01}
        onChange={(value) => {
          const by = { x: 0, y: 0, [key]: value - point[key] };
          set(moveHandles(mesh, chosen.includes(handle) ? chosen : [handle], by));
        }}
      />
    );
  return (
    <>
      <NumberInput
        label="Columns"
        value={mesh.columns}
        minimum={1}
        maximum={MOST_CELLS}
        onChange={(columns) => cells(Math.round(columns), mesh.rows)}
      />
      <NumberInput
        label="Rows"
        value={mesh.rows}
        minimum={1}
        maximum={MOST_CELLS}
        onChange={(rows) => cells(mesh.columns, Math.round(rows))}
      />
      <NumberInput
        label="Handle"
        value={handle + 1}
        minimum={1}
        maximum={mesh.points.length}
        onChange={(number) => useTransform.setState({ handle: Math.round(number) - 1, chosen: [] })}
      />
      {place('X', 'x')}
      {place('Y', 'y')}
    </>
  );
}
