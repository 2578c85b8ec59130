import { ToggleButton } from 'react-aria-components';
import { type Brush, GRAIN_PATTERNS, TIP_SHAPES, type TipShape } from '../../engine/brush/brush.ts';
import { SelectField } from '../controls/select-field.tsx';
import { ValueSlider } from '../controls/value-slider.tsx';

const PERCENT = { style: 'percent' } as const;

const TIP_NAMES: Record<TipShape, string> = {
  round: 'Round',
  chalk: 'Chalk',
  bristle: 'Bristle',
  splatter: 'Splatter',
  sponge: 'Sponge',
  dry: 'Dry',
  bitmap: 'Own bitmap',
};

/** What a part of the editor works on. */
export interface BrushPartProps {
  readonly brush: Brush;
  readonly onChange: (change: Partial<Brush>) => void;
}

function Percent(props: {
  label: string;
  value: number;
  onChange: (value: number) => void;
  maximum?: number;
}) {
  return (
    <ValueSlider
      label={props.label}
      value={props.value}
      onChange={props.onChange}
      minimum={0}
      maximum={props.maximum ?? 1}
      step={0.01}
      format={PERCENT}
    />
  );
}

function tipOptions(hasBitmap: boolean): { id: TipShape; name: string }[] {
  return TIP_SHAPES.filter((tip) => tip !== 'bitmap' || hasBitmap).map((id) => ({ id, name: TIP_NAMES[id] }));
}

const asTip = (id: string): TipShape => TIP_SHAPES.find((tip) => tip === id) ?? 'round';

/** Shape of the tip and how its dabs are laid. */
export function TipPart({ brush, onChange }: BrushPartProps) {
  return (
    <>
      <SelectField
        label="Tip"
        value={brush.tip}
        options={tipOptions(brush.bitmap !== null)}
        onChange={(id) => onChange({ tip: asTip(id) })}
      />
      <ValueSlider
        label="Size"
        value={brush.size}
        onChange={(size) => onChange({ size })}
        minimum={1}
        maximum={1000}
        squared
      />
      <Percent label="Hardness" value={brush.hardness} onChange={(hardness) => onChange({ hardness })} />
      <ValueSlider
        label="Roundness"
        value={brush.roundness}
        onChange={(roundness) => onChange({ roundness })}
        minimum={0.01}
        maximum={1}
        step={0.01}
        format={PERCENT}
      />
      <ValueSlider
        label="Angle"
        value={brush.angle}
        onChange={(angle) => onChange({ angle })}
        minimum={-180}
        maximum={180}
      />
      <ValueSlider
        label="Spacing"
        value={brush.spacing}
        onChange={(spacing) => onChange({ spacing })}
        minimum={0.01}
        maximum={4}
        step={0.01}
        format={PERCENT}
        squared
      />
      <Percent
        label="Scatter"
        value={brush.scatter}
        maximum={5}
        onChange={(scatter) => onChange({ scatter })}
      />
      <ValueSlider
        label="Count"
        value={brush.count}
        onChange={(count) => onChange({ count })}
        minimum={1}
        maximum={16}
      />
    </>
  );
}

/** How paint lies and grows. */
export function PaintPart({ brush, onChange }: BrushPartProps) {
  return (
    <>
      <Percent label="Opacity" value={brush.opacity} onChange={(opacity) => onChange({ opacity })} />
      <Percent label="Flow" value={brush.flow} onChange={(flow) => onChange({ flow })} />
      <Percent label="Wet edge" value={brush.wetEdge} onChange={(wetEdge) => onChange({ wetEdge })} />
      {brush.wetEdge > 0 && (brush.jitter !== null || brush.mixing !== null) && (
        <p className="caption dim">Colour jitter and mixing paint dab by dab: they leave no wet edge.</p>
      )}
      <ValueSlider
        label="Dabs a second"
        value={brush.rate}
        onChange={(rate) => onChange({ rate })}
        minimum={0}
        maximum={200}
      />
      <ToggleButton
        className="button toggle"
        isSelected={brush.accumulation === 'build-up'}
        onChange={(on) => onChange({ accumulation: on ? 'build-up' : 'wash' })}
      >
        Builds up where a stroke crosses itself
      </ToggleButton>
      <ValueSlider
        label="Stabiliser"
        value={brush.stabiliser}
        onChange={(stabiliser) => onChange({ stabiliser })}
        minimum={0}
        maximum={10}
      />
    </>
  );
}

/** The surface that shows through. */
export function GrainPart({ brush, onChange }: BrushPartProps) {
  const { grain } = brush;
  return (
    <>
      <SelectField
        label="Surface"
        value={grain?.pattern ?? 'none'}
        options={[
          { id: 'none', name: 'None' },
          ...GRAIN_PATTERNS.map((id) => ({ id, name: id.charAt(0).toUpperCase() + id.slice(1) })),
        ]}
        onChange={(id) => {
          const pattern = GRAIN_PATTERNS.find((each) => each === id);
          onChange({ grain: pattern ? { size: 4, depth: 0.6, ...grain, pattern } : null });
        }}
      />
      {grain && (
        <>
          <ValueSlider
            label="Feature size"
            value={grain.size}
            onChange={(size) => onChange({ grain: { ...grain, size } })}
            minimum={1}
            maximum={64}
          />
          <Percent
            label="Depth"
            value={grain.depth}
            onChange={(depth) => onChange({ grain: { ...grain, depth } })}
          />
        </>
      )}
    </>
  );
}

const DUAL = {
  tip: 'chalk',
  bitmap: null,
  size: 0.5,
  spacing: 0.3,
  scatter: 0.5,
  count: 2,
  hardness: 0.8,
} as const;

/** The second tip that lets the first one through. */
export function DualPart({ brush, onChange }: BrushPartProps) {
  const { dual } = brush;
  const change = (part: Partial<NonNullable<Brush['dual']>>): void => {
    if (dual) onChange({ dual: { ...dual, ...part } });
  };
  return (
    <>
      <ToggleButton
        className="button toggle"
        isSelected={dual !== null}
        onChange={(on) => onChange({ dual: on ? DUAL : null })}
      >
        Paint only where a second tip has been too
      </ToggleButton>
      {dual && (
        <>
          <SelectField
            label="Second tip"
            value={dual.tip}
            options={tipOptions(dual.bitmap !== null)}
            onChange={(id) => change({ tip: asTip(id) })}
          />
          <Percent
            label="Its size"
            value={dual.size}
            maximum={4}
            onChange={(size) => change({ size: Math.max(0.05, size) })}
          />
          <Percent
            label="Its spacing"
            value={dual.spacing}
            maximum={4}
            onChange={(spacing) => change({ spacing: Math.max(0.01, spacing) })}
          />
          <Percent
            label="Its scatter"
            value={dual.scatter}
            maximum={5}
            onChange={(scatter) => change({ scatter })}
          />
          <ValueSlider
            label="Its count"
            value={dual.count}
            onChange={(count) => change({ count })}
            minimum={1}
            maximum={16}
          />
        </>
      )}
    </>
  );
}

const JITTER = { hue: 0, saturation: 0, value: 0 };
const MIXING = { pickup: 0.5, length: 0.7, smear: false };

/** How the colour strays and mixes. */
export function ColourPart({ brush, onChange }: BrushPartProps) {
  const jitter = brush.jitter ?? JITTER;
  const { mixing } = brush;
  const stray = (part: Partial<typeof JITTER>): void => {
    const next = { ...jitter, ...part };
    onChange({ jitter: next.hue + next.saturation + next.value > 0 ? next : null });
  };
  return (
    <>
      <Percent label="Hue strays" value={jitter.hue} onChange={(hue) => stray({ hue })} />
      <Percent
        label="Saturation strays"
        value={jitter.saturation}
        onChange={(saturation) => stray({ saturation })}
      />
      <Percent label="Brightness strays" value={jitter.value} onChange={(value) => stray({ value })} />
      <ToggleButton
        className="button toggle"
        isSelected={mixing !== null}
        onChange={(on) => onChange({ mixing: on ? MIXING : null })}
      >
        Takes up what lies under it
      </ToggleButton>
      {mixing && (
        <>
          <Percent
            label="Colour taken up"
            value={mixing.pickup}
            onChange={(pickup) => onChange({ mixing: { ...mixing, pickup } })}
          />
          <Percent
            label="How long it lasts"
            value={mixing.length}
            onChange={(length) => onChange({ mixing: { ...mixing, length } })}
          />
          <ToggleButton
            className="button toggle"
            isSelected={mixing.smear}
            onChange={(smear) => onChange({ mixing: { ...mixing, smear } })}
          >
            Pushes the pixels themselves
          </ToggleButton>
        </>
      )}
    </>
  );
}
