import { Dices, Lock, LockOpen } from 'lucide-react';
import {
  Disclosure,
  DisclosurePanel,
  Button,
  Heading,
  TextArea,
  TextField,
  Label,
} from 'react-aria-components';
import { randomSeed } from '../../generation/build-request.ts';
import { fitToMultiple, frameText } from '../../generation/frame.ts';
import { changeForm, currentModel, MAX_COUNT, useGeneration } from '../../generation/generation-store.ts';
import { strengthWords, type VerbKind } from '../../generation/verb.ts';
import { useLayout } from '../../state/layout-store.ts';
import { useStatus } from '../../state/status-store.ts';
import { IconButton } from '../controls/icon-button.tsx';
import { CheckField } from '../layers/effects/check-field.tsx';
import { NumberInput } from '../controls/number-input.tsx';
import { SelectField } from '../controls/select-field.tsx';
import { ValueSlider } from '../controls/value-slider.tsx';
import { useRoom } from '../workspace-context.tsx';
import { AdapterShelf } from './adapters/adapter-shelf.tsx';
import { useVerb } from './use-verb.ts';
import { GuideSection } from './guides/guide-section.tsx';
import { PrecisionField } from './precision-field.tsx';

function SeedField() {
  const seed = useGeneration((state) => state.form.seed);
  const locked = useGeneration((state) => state.form.seedLocked);
  return (
    <div className="field">
      <div className="grow">
        <NumberInput
          label="Seed"
          value={seed}
          minimum={0}
          maximum={Number.MAX_SAFE_INTEGER}
          onChange={(next) => changeForm({ seed: Math.round(next), seedLocked: true })}
        />
      </div>
      <IconButton
        icon={Dices}
        label="New seed"
        size={16}
        onPress={() => changeForm({ seed: randomSeed() })}
      />
      <IconButton
        icon={locked ? Lock : LockOpen}
        label={
          locked ? 'Seed stays; press for a new one each time' : 'New seed each time; press to keep this one'
        }
        size={16}
        isSelected={locked}
        onPress={() => changeForm({ seedLocked: !locked })}
      />
    </div>
  );
}

function SizeFields({ multiple }: { multiple: number }) {
  const width = useGeneration((state) => state.form.width);
  const height = useGeneration((state) => state.form.height);
  const { workspace } = useRoom();
  const frame = workspace.generator.frame();
  return (
    <>
      <div className="pair">
        <NumberInput
          label="Width"
          value={width}
          minimum={64}
          maximum={4096}
          step={multiple}
          onChange={(next) => changeForm({ width: fitToMultiple(next, multiple) })}
        />
        <NumberInput
          label="Height"
          value={height}
          minimum={64}
          maximum={4096}
          step={multiple}
          onChange={(next) => changeForm({ height: fitToMultiple(next, multiple) })}
        />
      </div>
      {frame && <p className="caption dim">Fills {frameText(frame, { width, height })}</p>}
    </>
  );
}

function AboutModel() {
  const model = useGeneration(currentModel);
  if (!model) return null;
  return (
    <Disclosure>
      <Heading level={3}>
        <Button slot="trigger" className="button quiet">
          About {model.name}
        </Button>
      </Heading>
      <DisclosurePanel>
        <p className="about">{model.about}</p>
        {model.words && (
          <dl className="word-groups">
            {Object.entries(model.words).map(([group, words]) => (
              <div key={group}>
                <dt>{group}</dt>
                <dd>{words.join(', ')}</dd>
              </div>
            ))}
          </dl>
        )}
      </DisclosurePanel>
    </Disclosure>
  );
}

function ErrorCard() {
  const error = useGeneration((state) => state.error);
  if (!error) return null;
  return (
    <output className="error-card">
      <span>
        <span className="sign">✕</span> {error.message}
      </span>
      {error.remedy !== '' && <span className="dim">{error.remedy}</span>}
      <Button className="button" onPress={() => useGeneration.setState({ error: null })}>
        Got it
      </Button>
    </output>
  );
}

/** How a seed draws its noise; pictures of other programs name theirs. */
const NOISES = [
  { id: 'philox', name: 'As on a graphics card (A1111)' },
  { id: 'torch-cpu', name: 'As on a processor (ComfyUI)' },
] as const;
/** A picture made at its size, or in two passes: composed there, then enlarged and made anew in part. */
const ENLARGE = [
  { id: '1', name: 'One pass' },
  { id: '1.5', name: '1.5 × in two passes' },
  { id: '2', name: '2 × in two passes' },
  { id: '3', name: '3 × in two passes' },
] as const;

/** Seconds that a picture is to be done within. */
const TIMES = [
  { id: '0', name: 'As long as it takes' },
  { id: '1', name: '1 s' },
  { id: '2', name: '2 s' },
  { id: '5', name: '5 s' },
  { id: '10', name: '10 s' },
  { id: '30', name: '30 s' },
  { id: '60', name: '1 min' },
  { id: '300', name: '5 min' },
] as const;
const NOTHING_EASED: readonly string[] = [];

/** Verbs for which it matters how much of what is there is made anew. */
const STRENGTH_COUNTS: ReadonlySet<VerbKind> = new Set([
  'refine',
  'generate-over',
  'fill',
  'refine-selection',
  'redo-group',
]);

/** Everything that decides a picture but the prompt. */
export function GeneratePanel() {
  const form = useGeneration((state) => state.form);
  const models = useGeneration((state) => state.models);
  const model = useGeneration(currentModel);
  const samplers = useStatus((state) => state.info?.samplers);
  const verb = useVerb();
  const eased = useGeneration((state) => state.price?.eased ?? NOTHING_EASED);
  return (
    <div className="generate-panel scroll">
      <ErrorCard />
      <SelectField
        label="Model"
        value={form.modelId}
        options={models}
        onChange={(modelId) => {
          const next = models.find((each) => each.id === modelId);
          if (next)
            changeForm({ modelId, ...next.defaults, width: next.nativeWidth, height: next.nativeHeight });
        }}
      />
      <PrecisionField />
      <AdapterShelf />
      <GuideSection />
      <ValueSlider
        label="Strength"
        value={form.strength}
        minimum={0.05}
        maximum={1}
        step={0.05}
        format={{ style: 'percent' }}
        onChange={(strength) => changeForm({ strength })}
      />
      <p className="caption dim">
        {STRENGTH_COUNTS.has(verb.kind)
          ? `${Math.round(form.strength * 100)}%: ${strengthWords(form.strength)}`
          : 'Counts once something is painted in the frame'}
        {verb.hint !== null && ` · ${verb.label}: ${verb.hint}`}
      </p>
      <SeedField />
      <ValueSlider
        label="Steps"
        value={form.steps}
        minimum={1}
        maximum={150}
        onChange={(steps) => changeForm({ steps: Math.round(steps) })}
      />
      <ValueSlider
        label="Guidance"
        value={form.guidance}
        minimum={1}
        maximum={15}
        step={0.5}
        onChange={(guidance) => changeForm({ guidance })}
      />
      <ValueSlider
        label="Pictures"
        value={form.count}
        minimum={1}
        maximum={MAX_COUNT}
        onChange={(count) => changeForm({ count: Math.round(count) })}
      />
      <Button className="button" onPress={() => useLayout.setState({ gridOpen: true })}>
        Grid of settings…
      </Button>
      <SelectField
        label="Sampler"
        value={form.sampler}
        options={samplers ?? []}
        onChange={(sampler) => changeForm({ sampler })}
      />
      <SelectField
        label="Noise"
        value={form.noise ?? 'philox'}
        options={NOISES}
        onChange={(noise) => changeForm({ noise: noise === 'torch-cpu' ? noise : 'philox' })}
      />
      <SelectField
        label="Done within"
        value={String(form.doneWithin ?? 0)}
        options={TIMES}
        onChange={(seconds) => changeForm({ doneWithin: Number(seconds) || undefined })}
      />
      {eased.length > 0 && (
        <p className="caption" data-testid="eased">
          ▽ {eased.join(', ')}
        </p>
      )}
      <CheckField
        label="Forecast steps while little changes (approximate, quicker)"
        value={form.approximate ?? false}
        onChange={(approximate) => changeForm({ approximate })}
      />
      <CheckField
        label="Begin as a kept picture of a near prompt (approximate, quicker)"
        value={form.nearPrompts ?? false}
        onChange={(nearPrompts) => changeForm({ nearPrompts })}
      />
      <SelectField
        label="Enlarge"
        value={String(form.enlarge)}
        options={ENLARGE}
        onChange={(times) => changeForm({ enlarge: Number(times) })}
      />
      {form.enlarge > 1 && (
        <ValueSlider
          label="Second pass"
          value={form.enlargeStrength}
          minimum={0.1}
          maximum={1}
          step={0.05}
          format={{ style: 'percent' }}
          onChange={(enlargeStrength) => changeForm({ enlargeStrength })}
        />
      )}
      <SizeFields multiple={model?.sizeMultiple ?? 8} />
      <TextField
        className="field stacked"
        value={form.negative}
        maxLength={20_000}
        onChange={(negative) => changeForm({ negative })}
      >
        <Label className="field-label">Negative: what to keep out</Label>
        <TextArea className="input" rows={2} />
      </TextField>
      <AboutModel />
    </div>
  );
}
