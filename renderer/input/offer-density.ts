import { useLayout } from '../state/layout-store.ts';
import { tell } from '../state/status-store.ts';

/**
 * The first finger or pen in a window whose controls are sized for a mouse only offers larger ones; nothing changes by
 * itself, and nobody is asked twice.
 *
 * @returns how to unbind.
 */
export function bindDensityOffer(): () => void {
  const abort = new AbortController();
  window.addEventListener(
    'pointerdown',
    ({ pointerType }) => {
      const { density, densityOffered } = useLayout.getState();
      if (densityOffered || density !== 'mouse' || (pointerType !== 'touch' && pointerType !== 'pen')) return;
      useLayout.setState({ densityOffered: true });
      tell({
        level: 'info',
        message: pointerType === 'pen' ? 'A pen is here.' : 'A finger is here.',
        remedy: 'Controls can be larger for it.',
        action: { label: 'Make them larger', run: () => useLayout.setState({ density: pointerType }) },
      });
    },
    { signal: abort.signal, capture: true },
  );
  return () => abort.abort();
}
