import { EngineError } from '../../engine/error.ts';
import {
  firstBaseline,
  type LayerText,
  type TextAlign,
  type TextBox,
} from '../../engine/layers/layer-text.ts';
import { changeableLayer } from '../../engine/layers/paintable-layer.ts';
import { type StyleChange, withAlign, withStyle, withWords } from '../../engine/layers/text-runs.ts';
import { compose, IDENTITY, translation } from '../../engine/transform/affine.ts';
import type { DocumentSession } from '../../state/document/document-session.ts';
import { LiveEdit } from '../../state/document/live-edit.ts';
import { placeAboveActive } from '../../state/document/place-above.ts';
import { noteColourUsed, usePaint } from '../../state/paint-store.ts';
import { setPendingAct } from '../../state/pending-act.ts';
import { tell } from '../../state/status-store.ts';
import { type TextRange, useText } from '../../state/text-store.ts';
import { changeTool, useTools } from '../../state/tool-store.ts';
import { explainRefusal } from '../brush/explain.ts';
import { quadHandles } from '../transform/drag-quad.ts';
import { bundledFontsLoaded, loadBundledFonts } from './bundled-fonts.ts';
import { figureOf } from './draw-text.ts';
import { holdTyping } from './hold-typing.ts';
import { newTextChanges, rewriteTextChanges } from './text-changes.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

function same(a: LayerText, b: LayerText): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Shows what is written in the picture until it is applied or dropped. @param before text that the layer has already. */
function begin(session: DocumentSession, layerId: string, first: LayerText, before: LayerText | null): void {
  const { document } = session;
  const place = placeAboveActive(session);
  let frame = 0;
  const edit: LiveEdit = new LiveEdit(session, before ? 'Edit text' : 'Text', () => apply());
  const show = (): void => {
    frame = 0;
    const { text } = useText.getState().edit ?? {};
    edit.cancel();
    if (!text || (before ? same(text, before) : text.text.trim() === '')) return;
    if (before) edit.show(rewriteTextChanges(document, layerId, text));
    else edit.show(newTextChanges(document, layerId, text, place));
  };
  const announce = (text: LayerText): void =>
    setPendingAct({
      name: 'Text',
      outline: figureOf(text),
      handles: text.box ? quadHandles(figureOf(text)) : [],
      nudge: (dx, dy) => moveText(text.place, dx, dy),
      onLeave: 'apply',
      cancel: drop,
      apply,
      // What was typed is never lost by Esc.
      onEscape: 'apply',
    });
  const stops = [
    useText.subscribe(({ edit: now }, { edit: was }) => {
      if (!now || now === was) return;
      frame ||= requestAnimationFrame(show);
      announce(now.text);
    }),
    usePaint.subscribe(({ foreground }, former) => {
      if (foreground !== former.foreground) changeStyle({ colour: foreground });
    }),
  ];
  function finish(): void {
    cancelAnimationFrame(frame);
    for (const stop of stops) stop();
    useText.setState({ edit: null, range: null });
    setPendingAct(null);
  }
  function drop(): void {
    finish();
    edit.cancel();
  }
  function apply(): void {
    if (frame !== 0) show();
    const text = useText.getState().edit?.text;
    finish();
    edit.keep();
    const layer = document.layers.find(layerId);
    if (!layer || !text || (before && same(text, before))) return;
    if (session.activeLayerId !== layerId) session.chooseLayer(layerId);
    noteColourUsed(text.colour);
    if (layer.tiles.size === 0)
      tell({
        level: 'info',
        message: 'Nothing of this text lies on the canvas.',
        remedy: 'Edit it to move it.',
      });
  }
  useText.setState({ edit: { layerId, isNew: before === null, text: first }, range: null });
  announce(first);
}

/** Goes on as soon as text in a bundled font is drawn with that font, or at once where that is known already. */
function withFonts(goOn: () => void): void {
  const letKeysGo = holdTyping(changeWords);
  const begun = (): void => {
    // Somebody may have begun something else by then.
    if (useText.getState().edit === null) goOn();
    if (useText.getState().edit === null) letKeysGo();
  };
  if (bundledFontsLoaded()) {
    begun();
    return;
  }
  loadBundledFonts()
    .catch(() =>
      tell({
        level: 'warn',
        message: 'The fonts that come with the studio cannot be read; others stand in.',
        remedy: 'Load the page again.',
      }),
    )
    .finally(begun);
}

/**
 * Begins text; nothing is added until something is written.
 * @param at where its first line stands, or the left top corner of its box.
 */
export function startText(session: DocumentSession, at: Point, box: TextBox | null): void {
  const { text } = useTools.getState();
  const { foreground: colour } = usePaint.getState();
  const place = translation(Math.round(at.x), Math.round(at.y - (box ? 0 : firstBaseline(text))));
  // Without a box there is nothing that lines could be stretched to.
  const align = !box && text.align === 'justify' ? 'left' : text.align;
  withFonts(() =>
    begin(session, crypto.randomUUID(), { ...text, align, text: '', colour, box, place }, null),
  );
}

/** Takes up a layer's text to write it again, or says why it cannot. */
export function editText(session: DocumentSession, layerId: string): void {
  withFonts(() => {
    const layer = session.document.layers.find(layerId);
    if (!layer?.record.text) return;
    const { text } = layer.record;
    try {
      changeableLayer(session.document, layerId);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      explainRefusal(session, layerId, error);
      return;
    }
    session.chooseLayer(layerId);
    begin(session, layerId, text, text);
  });
}

/** Changes where the text that is being written stands, or its box. */
export function changeText(change: Pick<Partial<LayerText>, 'place' | 'box'>): void {
  write((text) => ({ ...text, ...change }));
}

/** Puts other words in the place of those that are being written; letters that stay keep their looks. */
export function changeWords(words: string): void {
  write((text) => withWords(text, words));
}

/** Chooses the letters that `changeStyle` and `changeAlign` are about; none of them, or all, means all. */
export function chooseLetters(from: number, to: number): void {
  const { edit, range } = useText.getState();
  if (!edit) return;
  const all = to <= from || (from === 0 && to >= edit.text.text.length);
  if (all ? range === null : range?.from === from && range.to === to) return;
  useText.setState({ range: all ? null : { from, to } });
}

/** Changes how the chosen letters look; where all are, it is remembered for the next text. */
export function changeStyle(change: StyleChange): void {
  const range = chosen();
  if (!range) return;
  write((text) => withStyle(text, range.from, range.to, change));
  if (!range.all) return;
  const { colour: _colour, ...set } = change;
  changeTool('text', set);
}

/** Changes where the lines of the chosen paragraphs stand; where all are, it is remembered for the next text. */
export function changeAlign(align: TextAlign): void {
  const range = chosen();
  if (!range) return;
  write((text) => withAlign(text, range.from, range.to, align));
  if (range.all) changeTool('text', { align });
}

function chosen(): (TextRange & { readonly all: boolean }) | null {
  const { edit, range } = useText.getState();
  if (!edit) return null;
  const { length } = edit.text.text;
  return range && range.from < length
    ? { from: range.from, to: Math.min(length, range.to), all: false }
    : { from: 0, to: length, all: true };
}

function write(change: (text: LayerText) => LayerText): void {
  const { edit } = useText.getState();
  if (!edit) return;
  const next = change(edit.text);
  // Larger letters grow from the line they stand on; in a box, from its top.
  const fall = next.box ? 0 : firstBaseline(edit.text) - firstBaseline(next);
  const place = fall === 0 ? next.place : compose(next.place, translation(0, fall));
  useText.setState({ edit: { ...edit, text: { ...next, place } } });
}

/**
 * Puts the text that is being written into a box, or takes it out of it; its first line stays where it is, as far as it can.
 * @param box null: its lines end where they are ended.
 */
export function changeBox(box: TextBox | null): void {
  const { edit } = useText.getState();
  if (!edit) return;
  const { text } = edit;
  const { align, place } = text;
  // The origin of text without a box is where it is aligned; of text in one, the box's left.
  const share = align === 'center' ? 0.5 : align === 'right' ? 1 : 0;
  const shift = share * ((text.box?.width ?? 0) - (box?.width ?? 0));
  changeText({ box, place: compose(place, translation(shift, 0)) });
  if (box) return;
  const loose = (each: TextAlign): TextAlign => (each === 'justify' ? 'left' : each);
  write((before) => ({ ...before, align: loose(before.align), aligns: before.aligns?.map(loose) }));
}

/** The size of a box around what is being written, as its lines stand. */
export function boxAround(text: LayerText): TextBox {
  const [a, b, , d] = figureOf({ ...text, place: IDENTITY });
  return { width: Math.max(8, Math.ceil(b.x - a.x)), height: Math.max(8, Math.ceil(d.y - a.y)) };
}

/** Puts the text that is being written elsewhere. @param from its place before. */
export function moveText(from: LayerText['place'], dx: number, dy: number): void {
  changeText({ place: compose(translation(dx, dy), from) });
}
