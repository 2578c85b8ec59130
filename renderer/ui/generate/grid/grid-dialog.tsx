import { useEffect } from 'react';
import { Button, Form, Input, Label, ProgressBar, TextField } from 'react-aria-components';
import {
  cancelGrid,
  forgetGrid,
  placeSheet,
  priceGrid,
  saveSheet,
  startGrid,
} from '../../../commands/grid-actions.ts';
import {
  AXES,
  type AxisName,
  canDifferAtOnce,
  canDifferLater,
  changeAxis,
  endedOf,
  type GridRun,
  type GridSetting,
  useGrid,
} from '../../../generation/grid-store.ts';
import { secondsText } from '../../../generation/verb.ts';
import { useLayout } from '../../../state/layout-store.ts';
import { FormActions, FormDialog } from '../../controls/form-dialog.tsx';
import { NumberInput } from '../../controls/number-input.tsx';
import { SelectField } from '../../controls/select-field.tsx';
import { useRoom } from '../../workspace-context.tsx';
import { SheetPicture } from './sheet-picture.tsx';

const TITLES: Readonly<Record<AxisName, string>> = { x: 'Columns', y: 'Rows', z: 'Sheets' };
const NAMES: Readonly<Record<GridSetting, string>> = {
  seed: 'Seed',
  noise: 'Fresh noise',
  guidance: 'Guidance',
  steps: 'Steps',
  sampler: 'Sampler',
  prompt: 'Prompt',
  replace: 'Words of the prompt',
  negative: 'Negative',
  strength: 'Strength',
  adapter: "First adapter's strength",
};
const SETTINGS = Object.entries(NAMES).map(([id, name]) => ({ id, name }));
const NONE = { id: 'none', name: 'Nothing' };
/** Percent of the run after which fresh noise makes small changes. */
const SUBTLE = 75;
/** Quiet time after a change before the price is asked for, in milliseconds. */
const PRICE_DELAY = 250;

const close = (): void => useLayout.setState({ gridOpen: false });

function isSetting(id: string): id is GridSetting {
  return id in NAMES;
}

function choose(name: AxisName, id: string): void {
  const setting = isSetting(id) ? id : null;
  const later = setting !== null && !canDifferAtOnce(setting);
  changeAxis(name, { setting, from: later ? SUBTLE : 0 });
}

function AxisFields({ name }: { name: AxisName }) {
  const { setting, from, values } = useGrid((state) => state.axes[name]);
  const title = TITLES[name];
  const hint =
    setting === 'replace' ? 'what is there now, what comes in its place, …' : 'values, with commas';
  return (
    <fieldset className="grid-axis" aria-label={title}>
      <SelectField
        label={title}
        value={setting ?? 'none'}
        options={name === 'x' ? SETTINGS : [NONE, ...SETTINGS]}
        onChange={(id) => choose(name, id)}
      />
      {setting !== null && (
        <TextField
          className="field stacked"
          value={values}
          maxLength={20_000}
          onChange={(text) => changeAxis(name, { values: text })}
        >
          <Label className="field-label">{`${title}: values`}</Label>
          <Input className="input" placeholder={hint} />
        </TextField>
      )}
      {setting !== null && canDifferLater(setting) && (
        <NumberInput
          label={`${title}: differ from % of the steps on`}
          value={from}
          minimum={canDifferAtOnce(setting) ? 0 : 1}
          maximum={99}
          onChange={(percent) => changeAxis(name, { from: Math.round(percent) })}
        />
      )}
    </fieldset>
  );
}

function PriceLine() {
  const price = useGrid((state) => state.price);
  const refusal = useGrid((state) => state.refusal);
  if (refusal) {
    return (
      <output className="caption" data-testid="grid-price">
        △ {refusal.message} {refusal.remedy}
      </output>
    );
  }
  const saved = price && price.savedSeconds > 0.05 ? `, ${secondsText(price.savedSeconds)} shared` : '';
  const once = price && price.onceSeconds > 0 ? `, and ${secondsText(price.onceSeconds)} once to load` : '';
  return (
    <output className="caption dim" data-testid="grid-price">
      {price
        ? `${price.pictures} pictures · ${price.measured ? '' : 'about '}${secondsText(price.seconds)}${saved}${once}`
        : 'Counting what they share…'}
    </output>
  );
}

function Asking() {
  const { workspace } = useRoom();
  const axes = useGrid((state) => state.axes);
  const price = useGrid((state) => state.price);
  useEffect(() => {
    const timer = setTimeout(() => void priceGrid(workspace), PRICE_DELAY);
    return () => clearTimeout(timer);
  }, [workspace, axes]);
  return (
    <Form
      className="new-document"
      onSubmit={(event) => {
        event.preventDefault();
        void startGrid(workspace);
      }}
    >
      <p className="dim caption">
        A picture for each combination, from the panel as it stands. Steps that several of them share are
        computed once.
      </p>
      {AXES.map((name) => (
        <AxisFields name={name} key={name} />
      ))}
      <PriceLine />
      <FormActions
        submit={price ? `Make ${price.pictures} · ${secondsText(price.seconds)}` : 'Make'}
        onCancel={close}
        isDisabled={price === null}
      />
    </Form>
  );
}

function runWords(run: GridRun): string {
  const { jobIds, lost } = run;
  const ended = endedOf(run);
  const without = lost.length > 0 ? `, ${lost.length} without a picture` : '';
  return `${ended} of ${jobIds.length} pictures${without}`;
}

function Running({ run }: { run: GridRun }) {
  const { workspace } = useRoom();
  const done = endedOf(run) === run.jobIds.length;
  return (
    <div className="new-document">
      <ProgressBar aria-label="Grid" value={(100 * endedOf(run)) / run.jobIds.length}>
        {({ percentage }) => (
          <div className="progress">
            <div className="progress-fill" style={{ width: `${percentage ?? 0}%` }} />
          </div>
        )}
      </ProgressBar>
      <output className="caption dim" data-testid="grid-progress">
        {runWords(run)}
      </output>
      {run.drawn?.map((png, index) => (
        <section className="grid-sheet" key={run.sheets[index] ?? index} aria-label={`Sheet ${index + 1}`}>
          <SheetPicture png={png} />
          <div className="actions">
            <Button className="button" onPress={() => saveSheet(index)}>
              Save sheet
            </Button>
            <Button
              className="button"
              onPress={() => {
                close();
                void placeSheet(workspace, index);
              }}
            >
              Add sheet as layer
            </Button>
          </div>
        </section>
      ))}
      <p className="caption dim">Each picture is in the strip, to be accepted as a layer of its own.</p>
      <div className="actions">
        {done ? (
          <Button className="button" onPress={forgetGrid}>
            Another grid
          </Button>
        ) : (
          <Button className="button" onPress={() => void cancelGrid(workspace)}>
            Cancel the grid
          </Button>
        )}
        <Button className="button primary" onPress={close}>
          {done ? 'Done' : 'Go on painting'}
        </Button>
      </div>
    </div>
  );
}

/** Pictures over the values of up to three settings: asked for with its price, followed, shown as labelled sheets. */
export function GridDialog() {
  const isOpen = useLayout((state) => state.gridOpen);
  const run = useGrid((state) => state.run);
  return (
    <FormDialog
      title="Grid of settings"
      isOpen={isOpen}
      onOpenChange={(open) => useLayout.setState({ gridOpen: open })}
    >
      {run ? <Running run={run} /> : <Asking />}
    </FormDialog>
  );
}
