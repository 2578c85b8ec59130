import { EngineError } from '../../engine/error.ts';
import { filterChanges } from '../../engine/filter/filter-layer.ts';
import type { FilterSettings } from '../../engine/filter/filters.ts';
import { paintableLayer } from '../../engine/layers/paintable-layer.ts';
import type { DocumentSession } from '../../state/document/document-session.ts';
import { LiveEdit } from '../../state/document/live-edit.ts';
import { useFilter } from '../../state/filter-store.ts';
import { leavePendingAct, setPendingAct } from '../../state/pending-act.ts';
import { explainRefusal } from '../brush/explain.ts';

/** What people call a filter. */
export const FILTER_NAMES: Readonly<Record<FilterSettings['type'], string>> = {
  'gaussian-blur': 'Gaussian blur',
  sharpen: 'Sharpen',
  noise: 'Noise',
  pixelate: 'Pixelate',
};

/** Filters the active layer, or what is selected of it: seen while it is set, one step when it is applied. */
export function startFilter(session: DocumentSession, first: FilterSettings): void {
  const { activeLayerId: layerId, document } = session;
  leavePendingAct();
  if (layerId === null) return;
  try {
    paintableLayer(document, layerId);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    explainRefusal(session, layerId, error);
    return;
  }
  const name = FILTER_NAMES[first.type];
  const { mask } = session.selection;
  const edit: LiveEdit = new LiveEdit(session, name, () => apply());
  let frame = 0;
  const show = (): void => {
    frame = 0;
    const { settings } = useFilter.getState();
    edit.cancel();
    if (!settings) return;
    const changes = filterChanges(document, layerId, settings, mask);
    if (changes.length > 0) edit.show(changes);
  };
  const request = (): void => {
    frame ||= requestAnimationFrame(show);
  };
  const stop = useFilter.subscribe(({ settings }, before) => {
    if (settings && settings !== before.settings) request();
  });
  function finish(): void {
    cancelAnimationFrame(frame);
    stop();
    setPendingAct(null);
    useFilter.setState({ settings: null });
  }
  function apply(): void {
    if (frame !== 0) show();
    finish();
    edit.keep();
  }
  useFilter.setState({ settings: first });
  setPendingAct({
    name,
    outline: [],
    handles: [],
    onLeave: 'apply',
    apply,
    cancel() {
      finish();
      edit.cancel();
    },
  });
  request();
}
