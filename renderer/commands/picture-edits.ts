import type { Change } from '../engine/changes.ts';
import type { Rect } from '../engine/geometry/rect.ts';
import { mapAids } from '../engine/aids/map-aids.ts';
import { mapSelection } from '../engine/selection/map-selection.ts';
import { scaling, translation, type Affine } from '../engine/transform/affine.ts';
import {
  cropChanges,
  scaleDocumentChanges,
  turnDocumentChanges,
  turnMap,
  type Turn,
} from '../engine/transform/document-geometry.ts';
import { EngineError } from '../engine/error.ts';
import { setFrame } from '../generation/generation-store.ts';
import { fitDocument, useView } from '../canvas/view-store.ts';
import type { DocumentSession } from '../state/document/document-session.ts';
import { tell } from '../state/status-store.ts';

/** Records a step that changes the whole picture; selection and guides go along, the view fits if it fitted before. */
function record(session: DocumentSession, label: string, map: Affine, make: () => Change[]): void {
  try {
    const changes = make();
    if (changes.length === 0) {
      tell({ level: 'info', message: 'The picture has this size already.', remedy: '' });
      return;
    }
    session.record(label, [...changes, ...alongside(session, map, changes)]);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    tell({ level: 'warn', message: error.message, remedy: 'Nothing was changed.' });
    return;
  }
  const { document } = session;
  setFrame(null);
  if (useView.getState().fitted) fitDocument(document.width, document.height);
}

/** What takes selection, guides and rulers along. */
function alongside({ document, selection, aids }: DocumentSession, map: Affine, changes: Change[]): Change[] {
  const sized = changes.find((change) => change.type === 'canvas');
  const canvas = { x: 0, y: 0, ...(sized ?? { width: document.width, height: document.height }) };
  const mask = selection.mask && mapSelection(selection.mask, map, canvas);
  return [...(selection.changesFor(mask) ?? []), ...aids.changesFor(mapAids(aids.now, map))];
}

/** Makes a rectangle of the picture, or one around it, the canvas. What lies beyond stays in the layers. */
export function cropPicture(session: DocumentSession, rect: Rect, label: string): void {
  record(session, label, translation(-rect.x, -rect.y), () => cropChanges(session.document, rect));
}

/** Resamples the whole picture to another size. */
export function scalePicture(session: DocumentSession, width: number, height: number): void {
  const { document } = session;
  const map = scaling(width / document.width, height / document.height);
  record(session, 'Image size', map, () => scaleDocumentChanges(document, { width, height }));
}

const TURN_LABELS: Readonly<Record<Turn, string>> = {
  left: 'Rotate 90° left',
  right: 'Rotate 90° right',
  half: 'Rotate 180°',
  'flip-across': 'Flip horizontally',
  'flip-down': 'Flip vertically',
};

/** Turns or mirrors the whole picture. */
export function turnPicture(session: DocumentSession, turn: Turn): void {
  const { document } = session;
  const map = turnMap(turn, document.width, document.height);
  record(session, TURN_LABELS[turn], map, () => turnDocumentChanges(document, turn));
}

/** What a turn is called. */
export function turnTitle(turn: Turn): string {
  return TURN_LABELS[turn];
}
