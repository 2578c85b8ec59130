import type { Rect } from '../../engine/geometry/rect.ts';
import type { Quad } from '../../engine/transform/projective.ts';
import { useTransform } from '../../state/transform-store.ts';
import { moveQuad, quadMiddle, stretchQuad, turnQuad } from '../../tools/transform/drag-quad.ts';
import { NumberInput } from '../controls/number-input.tsx';
import { SelectField } from '../controls/select-field.tsx';
import { PendingOptions } from './pending-options.tsx';
import { WarpFields, WarpSwitch } from './warp-options.tsx';

const SAMPLINGS = [
  { id: 'bicubic', name: 'Smooth' },
  { id: 'nearest', name: 'Hard pixels' },
] as const;

const length = (from: Quad[number], to: Quad[number]): number => Math.hypot(to.x - from.x, to.y - from.y);
const rounded = (value: number): number => Math.round(value * 100) / 100;

/** The corners in numbers. */
function QuadFields({ quad, source }: { readonly quad: Quad; readonly source: Rect }) {
  const set = (next: Quad): void => useTransform.setState({ quad: next });
  const middle = quadMiddle(quad);
  const across = (length(quad[0], quad[1]) / source.width) * 100;
  const down = (length(quad[0], quad[3]) / source.height) * 100;
  const angle = (Math.atan2(quad[1].y - quad[0].y, quad[1].x - quad[0].x) * 180) / Math.PI;
  return (
    <>
      <NumberInput
        label="X"
        value={rounded(middle.x)}
        minimum={-32768}
        maximum={32768}
        step={0.01}
        onChange={(x) => set(moveQuad(quad, x - middle.x, 0))}
      />
      <NumberInput
        label="Y"
        value={rounded(middle.y)}
        minimum={-32768}
        maximum={32768}
        step={0.01}
        onChange={(y) => set(moveQuad(quad, 0, y - middle.y))}
      />
      <NumberInput
        label="Width %"
        value={rounded(across)}
        minimum={0.2}
        maximum={3200}
        step={0.01}
        onChange={(next) => set(stretchQuad(quad, middle, next / across, 1))}
      />
      <NumberInput
        label="Height %"
        value={rounded(down)}
        minimum={0.2}
        maximum={3200}
        step={0.01}
        onChange={(next) => set(stretchQuad(quad, middle, 1, next / down))}
      />
      <NumberInput
        label="Angle °"
        value={rounded(angle)}
        minimum={-360}
        maximum={360}
        step={0.01}
        onChange={(next) => set(turnQuad(quad, middle, ((next - angle) * Math.PI) / 180))}
      />
    </>
  );
}

/** The transform in numbers, for hands that do not drag. */
export function TransformOptions() {
  const { quad, source, mesh, handle, sampling } = useTransform();
  if (!quad || !source) {
    return (
      <span className="dim caption ellipsis">Press on the canvas to take up the layer&apos;s pixels.</span>
    );
  }
  return (
    <>
      <WarpSwitch source={source} quad={quad} isOn={mesh !== null} />
      {mesh ? <WarpFields mesh={mesh} handle={handle} /> : <QuadFields quad={quad} source={source} />}
      <SelectField
        label="Pixels"
        hideLabel
        value={sampling}
        options={SAMPLINGS}
        onChange={(id) => useTransform.setState({ sampling: id === 'nearest' ? 'nearest' : 'bicubic' })}
      />
      <PendingOptions />
      <span className="dim caption ellipsis">
        {mesh
          ? 'Drag a handle to bend, between them to move all; Shift takes several, and holds a drag to an axis.'
          : 'Shift frees the proportions, Alt from the middle, Ctrl distorts, all three make perspective.'}
      </span>
    </>
  );
}
