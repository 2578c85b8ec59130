import { type DeviceReport, StudioError } from '../../preload/contract/index.ts';
import type { Bridge } from '../bridge/index.ts';
import { watchGallery } from '../generation/gallery-store.ts';
import { changeForm, useGeneration } from '../generation/generation-store.ts';
import { watchLibrary } from '../generation/library-watch.ts';
import { useLive } from '../generation/live/live-store.ts';
import { watchQueue } from '../generation/queue-store.ts';
import { watchPrice } from '../generation/price-watch.ts';
import { useShelf } from '../generation/shelf-store.ts';
import { tellDeviceTrouble } from './device-actions.ts';
import { KEPT_AID_SETTINGS, useAidSettings } from '../state/aid-store.ts';
import { loadBrushes } from '../state/brush-store.ts';
import { useLayout } from '../state/layout-store.ts';
import { usePaint } from '../state/paint-store.ts';
import { usePressure } from '../state/pressure-store.ts';
import { useHud } from '../state/hud-store.ts';
import { useShortcuts } from '../state/shortcut-store.ts';
import { syncSettings } from '../state/settings-sync.ts';
import { useTools } from '../state/tool-store.ts';
import { tell, useStatus } from '../state/status-store.ts';

/**
 * Reads what the window needs before it can be used and keeps it true: settings, models, device, the link. What the link
 * is doing is in the status store from the beginning.
 *
 * @returns the stored settings.
 * @throws StudioError when the studio cannot answer at all.
 */
export async function startStudio(bridge: Bridge): Promise<Readonly<Record<string, unknown>>> {
  followLink(bridge);
  const [settings, info] = await Promise.all([
    bridge.request('settings.read', {}),
    bridge.request('studio.info', {}),
  ]);
  useStatus.setState({ info });
  // At a first start controls are sized for the pointer that the system calls its own.
  if (settings['page.layout'] === undefined && matchMedia('(pointer: coarse)').matches)
    useLayout.setState({ density: 'touch' });
  syncSettings(bridge, settings, 'page.layout', useLayout, [
    'preset',
    'theme',
    'density',
    'densityOffered',
    'leftHanded',
    'pasteboard',
    'wheel',
    'canvasDevice',
    'pictureMemory',
    'folded',
    'inFront',
    'selectionBar',
  ]);
  syncSettings(bridge, settings, 'page.paint', usePaint, [
    'tool',
    'brush',
    'eraser',
    'smudge',
    'foreground',
    'background',
    'recentColours',
    'symmetry',
    'lastSymmetry',
    'smoothing',
  ]);
  syncSettings(bridge, settings, 'page.shortcuts', useShortcuts, ['scheme', 'own']);
  syncSettings(bridge, settings, 'page.hud', useHud, ['brushes']);
  syncSettings(bridge, settings, 'page.tools', useTools, [
    'select',
    'like',
    'bucket',
    'pick',
    'shape',
    'text',
    'drawingRuler',
  ]);
  syncSettings(bridge, settings, 'page.aids', useAidSettings, KEPT_AID_SETTINGS);
  syncSettings(bridge, settings, 'page.pressure', usePressure, ['curves']);
  syncSettings(bridge, settings, 'page.generation', useGeneration, ['form', 'recentPrompts']);
  syncSettings(bridge, settings, 'page.live', useLive, ['strength', 'blend', 'steps']);
  syncSettings(bridge, settings, 'page.adapters', useShelf, ['adapters']);
  followEvents(bridge);
  void loadModels(bridge).catch(report);
  void loadBrushes(bridge).catch(report);
  void bridge
    .request('devices.report', {})
    .then((device) => showDevice(bridge, device))
    .catch(report);
  return settings;
}

async function loadModels(bridge: Bridge): Promise<void> {
  const models = await bridge.request('models.list', {});
  useGeneration.setState({ models });
  const { form } = useGeneration.getState();
  const known = models.find((model) => model.id === form.modelId);
  const [first] = models;
  if (!known && first) {
    changeForm({
      modelId: first.id,
      ...first.defaults,
      width: first.nativeWidth,
      height: first.nativeHeight,
    });
  }
  watchPrice(bridge);
  watchLibrary(bridge);
  watchGallery(bridge);
  watchQueue(bridge);
}

/** Shows what the studio computes on; a graphics card that failed is said once. */
function showDevice(bridge: Bridge, device: DeviceReport): void {
  const before = useStatus.getState().device;
  useStatus.setState({ device });
  if (before === null) tellDeviceTrouble(bridge, device);
}

function followEvents(bridge: Bridge): void {
  bridge.on('devices.changed', (device) => showDevice(bridge, device));
  bridge.on('studio.notice', (notice) => tell(notice));
}

/** Mirrors the link's state, with the seconds until the next try while it is lost. */
function followLink({ connection }: Bridge): void {
  let timer: ReturnType<typeof setInterval> | undefined;
  const mirror = (): void => {
    const now = connection.read();
    clearInterval(timer);
    if (now.state === 'refused') {
      tell({ level: 'bad', message: now.message, remedy: now.remedy });
      useStatus.setState({ connection: 'lost', retrySeconds: 0, retry: null });
      return;
    }
    if (now.state === 'open') {
      useStatus.setState({ connection: 'open', linkTried: true, linkFull: null, retry: null });
      return;
    }
    const count = (): void =>
      useStatus.setState({ retrySeconds: Math.max(0, Math.ceil((now.retryAt - Date.now()) / 1000)) });
    count();
    timer = setInterval(count, 500);
    useStatus.setState({
      connection: 'lost',
      linkTried: now.tried,
      linkFull: now.full,
      retry: () => connection.retryNow(),
    });
  };
  mirror();
  connection.subscribe(mirror);
}

function report(error: unknown): void {
  if (!(error instanceof StudioError)) throw error;
  tell({ level: 'bad', message: error.message, remedy: error.remedy });
}

/** Calls back whenever a lost link is open again. */
export function onReconnect({ connection }: Bridge, act: () => Promise<void>): void {
  let lost = false;
  connection.subscribe(() => {
    const { state } = connection.read();
    if (state === 'open' && lost) act().catch(report);
    lost = state !== 'open';
  });
}
