import { EngineError } from '../../engine/error.ts';
import type { LayerText } from '../../engine/layers/layer-text.ts';
import { changeableLayer } from '../../engine/layers/paintable-layer.ts';
import { compose, translation } from '../../engine/transform/affine.ts';
import type { DocumentSession } from '../../state/document/document-session.ts';
import { LiveEdit } from '../../state/document/live-edit.ts';
import { placeAboveActive } from '../../state/document/place-above.ts';
import { noteColourUsed, usePaint } from '../../state/paint-store.ts';
import { setPendingAct } from '../../state/pending-act.ts';
import { tell } from '../../state/status-store.ts';
import { useText } from '../../state/text-store.ts';
import { changeTool, useTools } from '../../state/tool-store.ts';
import { explainRefusal } from '../brush/explain.ts';
import { figureOf } from './draw-text.ts';
import { newTextChanges, rewriteTextChanges } from './text-changes.ts';
import { baseline } from './text-layout.ts';

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
      handles: [],
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
      if (foreground !== former.foreground) changeText({ colour: foreground });
    }),
  ];
  function finish(): void {
    cancelAnimationFrame(frame);
    for (const stop of stops) stop();
    useText.setState({ edit: null });
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
  useText.setState({ edit: { layerId, isNew: before === null, text: first } });
  announce(first);
}

/** Begins text whose first line stands on a point; nothing is added until something is written. */
export function startText(session: DocumentSession, at: Point): void {
  const { text } = useTools.getState();
  const { foreground: colour } = usePaint.getState();
  const place = translation(Math.round(at.x), Math.round(at.y - baseline(0, text)));
  begin(session, crypto.randomUUID(), { ...text, text: '', colour, place }, null);
}

/** Takes up a layer's text to write it again. @returns false where it cannot (why has been said). */
export function editText(session: DocumentSession, layerId: string): boolean {
  try {
    const { text } = changeableLayer(session.document, layerId).record;
    if (!text) return false;
    session.chooseLayer(layerId);
    begin(session, layerId, text, text);
    return true;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    explainRefusal(session, layerId, error);
    return false;
  }
}

/** Changes the text that is being written; how it is set is remembered for the next one. */
export function changeText(change: Partial<LayerText>): void {
  const { edit } = useText.getState();
  if (!edit) return;
  useText.setState({ edit: { ...edit, text: { ...edit.text, ...change } } });
  const { text: _text, colour: _colour, place: _place, ...set } = change;
  changeTool('text', set);
}

/** Puts the text that is being written elsewhere. @param from its place before. */
export function moveText(from: LayerText['place'], dx: number, dy: number): void {
  changeText({ place: compose(translation(dx, dy), from) });
}
