import { AlignCenter, AlignJustify, AlignLeft, AlignRight, Bold, Italic, WrapText, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button, Label, TextArea, TextField } from 'react-aria-components';
import { isMac, keyText } from '../../commands/command.ts';
import { useView } from '../../canvas/view-store.ts';
import { toScreen } from '../../canvas/view-transform.ts';
import { applyAffine } from '../../engine/transform/affine.ts';
import type { LayerText, LetterStyle, TextBox } from '../../engine/layers/layer-text.ts';
import { alignsOf, rangesWithin, styledRanges } from '../../engine/layers/text-runs.ts';
import { formatColour, parseColour } from '../../state/colour.ts';
import { pendingAct } from '../../state/pending-act.ts';
import { type TextEdit, type TextRange, useText } from '../../state/text-store.ts';
import {
  boxAround,
  changeAlign,
  changeBox,
  changeStyle,
  changeText,
  changeWords,
  chooseLetters,
} from '../../tools/text/text-act.ts';
import { ApplyButtons } from '../controls/apply-buttons.tsx';
import { IconButton } from '../controls/icon-button.tsx';
import { NumberInput } from '../controls/number-input.tsx';
import { ColourInput } from '../layers/effects/colour-input.tsx';
import { FontField } from './font-field.tsx';

/** Longest text of a layer, in characters. */
const LONGEST = 20_000;

const ALIGNMENTS = [
  { id: 'left', name: 'Align left', icon: AlignLeft },
  { id: 'center', name: 'Centre', icon: AlignCenter },
  { id: 'right', name: 'Align right', icon: AlignRight },
  { id: 'justify', name: 'Justify', icon: AlignJustify },
] as const;

function focusCanvas(): void {
  document.querySelector<HTMLElement>('[data-testid="canvas"]')?.focus();
}

function apply(): void {
  pendingAct.getState().act?.apply();
  focusCanvas();
}

function cancel(): void {
  pendingAct.getState().act?.cancel();
  focusCanvas();
}

/** The side of the canvas where the text has less room to grow into. */
function sideFor({ place, align, box }: LayerText): 'left' | 'right' {
  const { view, screenWidth } = useView.getState();
  const at = toScreen(view, applyAffine(place, { x: (box?.width ?? 0) / 2, y: 0 }));
  const border = box ? 0.5 : align === 'left' ? 0.35 : align === 'center' ? 0.5 : 0.65;
  return at.x > screenWidth * border ? 'left' : 'right';
}

function Letters({ style }: { readonly style: LetterStyle }) {
  return (
    <div className="text-row">
      <NumberInput
        label="Size"
        value={style.size}
        minimum={4}
        maximum={2000}
        onChange={(size) => changeStyle({ size })}
      />
      <NumberInput
        label="Line height"
        value={style.leading}
        minimum={0.5}
        maximum={3}
        step={0.05}
        onChange={(leading) => changeStyle({ leading })}
      />
      <NumberInput
        label="Spacing %"
        value={Math.round(style.spacing * 1000) / 10}
        minimum={-20}
        maximum={200}
        step={0.5}
        onChange={(percent) => changeStyle({ spacing: percent / 100 })}
      />
      <span className="field">
        <span className="field-label" aria-hidden>
          Colour
        </span>
        <TextColour colour={style.colour} />
      </span>
    </div>
  );
}

/** Which letters are set. */
function Chosen({ text, range }: { readonly text: string; readonly range: TextRange | null }) {
  if (!range) return null;
  return (
    <div className="text-chosen">
      <output className="caption grow ellipsis">Sets “{text.slice(range.from, range.to)}”</output>
      <Button className="button quiet caption" onPress={() => chooseLetters(0, 0)}>
        All letters
      </Button>
    </div>
  );
}

/** Aligns text; only a box has room to stretch lines to. */
function align(text: LayerText, to: LayerText['align']): void {
  if (to === 'justify' && !text.box) changeBox(boxAround(text));
  changeAlign(to);
}

function BoxSize({ box }: { readonly box: TextBox }) {
  return (
    <div className="text-row">
      <NumberInput
        label="Box width"
        value={Math.round(box.width)}
        minimum={8}
        maximum={32_000}
        onChange={(width) => changeText({ box: { ...box, width } })}
      />
      <NumberInput
        label="Box height"
        value={Math.round(box.height)}
        minimum={8}
        maximum={32_000}
        onChange={(height) => changeText({ box: { ...box, height } })}
      />
    </div>
  );
}

function TextColour({ colour }: { readonly colour: string }) {
  const [red, green, blue] = parseColour(colour);
  const change = ([r, g, b]: readonly [number, number, number]): void => {
    const next = formatColour(r * 255, g * 255, b * 255);
    if (next !== colour) changeStyle({ colour: next });
  };
  return (
    <ColourInput
      label="Colour of the text"
      value={[red / 255, green / 255, blue / 255]}
      onChange={change}
      onChangeEnd={change}
    />
  );
}

function Panel({ edit }: { readonly edit: TextEdit }) {
  const { text } = edit;
  const range = useText((state) => state.range);
  const { from, to } = range ?? { from: 0, to: text.text.length };
  const style = rangesWithin(styledRanges(text), from, to)[0]?.style ?? text;
  const alignment = alignsOf(text)[text.text.slice(0, from).split('\n').length - 1] ?? text.align;
  const [side] = useState(() => sideFor(text));
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  return (
    <section className="effect-editor text-panel" data-side={side} aria-label="Text">
      <div
        role="presentation"
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          const enter = event.key === 'Enter' && (event.ctrlKey || event.metaKey);
          if (!enter && event.key !== 'Escape') return;
          // Esc closes the list of fonts first.
          if (event.target instanceof Element && event.target.closest('[aria-expanded="true"]')) return;
          event.preventDefault();
          event.stopPropagation();
          apply();
        }}
      >
        <header>
          <h2 className="grow ellipsis">{edit.isNew ? 'New text' : 'Edit text'}</h2>
          <IconButton icon={X} label="Drop changes to the text" size={16} onPress={cancel} />
        </header>
        <div className="effect-body">
          <TextField className="field stacked" value={text.text} onChange={changeWords} maxLength={LONGEST}>
            <Label className="visually-hidden">Words</Label>
            <TextArea
              className="input"
              ref={field}
              rows={3}
              dir="auto"
              placeholder="Write here"
              onSelect={({ currentTarget: { selectionStart, selectionEnd } }) =>
                chooseLetters(selectionStart, selectionEnd)
              }
            />
          </TextField>
          <Chosen text={text.text} range={range} />
          <FontField value={style.font} onChange={(font) => changeStyle({ font })} />
          <Letters style={style} />
          <div className="text-buttons">
            <IconButton
              icon={Bold}
              label="Bold"
              size={16}
              isSelected={style.weight === 700}
              onPress={() => changeStyle({ weight: style.weight === 700 ? 400 : 700 })}
            />
            <IconButton
              icon={Italic}
              label="Italic"
              size={16}
              isSelected={style.italic}
              onPress={() => changeStyle({ italic: !style.italic })}
            />
            <span className="grow" />
            {ALIGNMENTS.map(({ id, name, icon }) => (
              <IconButton
                key={id}
                icon={icon}
                label={name}
                size={16}
                isSelected={alignment === id}
                onPress={() => align(text, id)}
              />
            ))}
            <IconButton
              icon={WrapText}
              label="Wrap in a box"
              size={16}
              isSelected={Boolean(text.box)}
              onPress={() => changeBox(text.box ? null : boxAround(text))}
            />
          </div>
          {text.box && <BoxSize box={text.box} />}
          <ApplyButtons
            hint={`${keyText('$mod+Enter', isMac())} or Esc applies`}
            onCancel={cancel}
            onApply={apply}
          />
        </div>
      </div>
    </section>
  );
}

/** The text that is being written, beside it: the picture shows it as it is typed. */
export function TextPanel() {
  const edit = useText((state) => state.edit);
  return edit && <Panel key={edit.layerId} edit={edit} />;
}
