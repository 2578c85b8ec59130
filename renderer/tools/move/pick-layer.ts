import { EngineError } from '../../engine/error.ts';
import { layerAt } from '../../engine/layers/layer-at.ts';
import type { DocumentSession } from '../../state/document/document-session.ts';
import { announce, tell } from '../../state/status-store.ts';
import type { ToolDrag, ToolPoint } from '../tool.ts';

function choose(session: DocumentSession, id: string | null): void {
  if (id === null) {
    tell({ level: 'info', message: 'No layer has anything here.', remedy: '' });
    return;
  }
  session.chooseLayer(id);
  announce(`Layer ${session.document.layers.get(id).record.name}`);
}

/** Chooses the layer that is seen where the pointer lifts, whatever tool is in hand. */
export function pickLayer(session: DocumentSession, start: ToolPoint): ToolDrag {
  let last = start;
  return {
    move(points) {
      last = points.at(-1) ?? last;
    },
    end() {
      try {
        choose(session, layerAt(session.document, last.x, last.y));
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
        tell({ level: 'warn', message: error.message, remedy: '' });
      }
    },
    cancel() {},
  };
}
