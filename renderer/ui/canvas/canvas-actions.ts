import { cropPicture } from '../../commands/picture-edits.ts';
import type { OpenDocument, Workspace } from '../../commands/workspace.ts';
import type { PointerIntent } from '../../input/canvas-pointer.ts';
import { usePaint } from '../../state/paint-store.ts';
import { tell } from '../../state/status-store.ts';
import { followNib } from './follow-nib.ts';
import { BEGIN_DRAG } from '../../tools/begin-drag.ts';
import { pickLayer } from '../../tools/move/pick-layer.ts';
import type { ToolDrag, ToolHost, ToolPoint } from '../../tools/tool.ts';

const BY_INTENT = { pan: 'pan', sample: 'eyedropper', erase: 'eraser' } as const;

/** Tools that change the document. */
const WRITING: ReadonlySet<string> = new Set([
  'brush',
  'eraser',
  'smudge',
  'shape',
  'text',
  'fill',
  'gradient',
  'move',
  'transform',
  'crop',
  'liquify',
]);

/** What drags on the canvas of an open document do. */
export function canvasActions(
  workspace: Workspace,
  { session }: OpenDocument,
): { begin(intent: PointerIntent, point: ToolPoint): ToolDrag | null; setPenDown(down: boolean): void } {
  const host: ToolHost = {
    session,
    readVisible: (rect) => workspace.readPixels(rect),
    cropTo: (rect) => cropPicture(session, rect, 'Crop'),
  };
  return {
    begin(intent, point) {
      if (intent === 'layer') return pickLayer(session, point);
      const tool = intent === 'tool' ? usePaint.getState().tool : BY_INTENT[intent];
      if (session.readOnly !== null && WRITING.has(tool)) {
        tell({
          level: 'warn',
          message: session.readOnly,
          remedy: 'Work on a copy.',
          action: { label: 'Copy', run: () => void workspace.onSaveAs?.() },
        });
        return null;
      }
      // A step that is being read back from the file would be painted over blindly.
      if (session.walking && tool !== 'pan') return null;
      return followNib(workspace.live, BEGIN_DRAG[tool](host, point), point);
    },
    setPenDown: (down) => workspace.setPenDown(down),
  };
}
