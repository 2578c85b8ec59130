import { toggleProofColours } from './proof-colours.ts';
import {
  fitDocument,
  fitRegion,
  resetRotation,
  toggleFlip,
  turnView,
  useView,
  zoomTo,
} from '../canvas/view-store.ts';
import { ZOOM_STEP } from '../canvas/view-transform.ts';
import { useGeneration } from '../generation/generation-store.ts';
import { useDocument } from '../state/document/document-store.ts';
import { automaticMemory } from '../state/document/tile-budget.ts';
import { useFileJob } from '../state/file-job-store.ts';
import {
  type CanvasDevice,
  choosePreset,
  type Density,
  PICTURE_MEMORY,
  type PictureMemory,
  showPictures,
  type Theme,
  useLayout,
} from '../state/layout-store.ts';
import { openHud } from '../state/hud-store.ts';
import type { Command } from './command.ts';
import type { Workspace } from './workspace.ts';

/** Megabytes in words. */
function wordsForMemory(megabytes: number): string {
  return megabytes < 1024 ? `${Math.round(megabytes)} MB` : `${Math.round(megabytes / 102.4) / 10} GB`;
}

/** Where the eye is, and how the window is arranged. */
export function viewCommands(_workspace: Workspace): readonly Command[] {
  const view = (id: string, title: string, keys: readonly string[], run: () => void): Command => ({
    id: `view.${id}`,
    title,
    group: 'View',
    keys,
    run,
  });
  const zoomBy = (factor: number): void => zoomTo(useView.getState().view.zoom * factor);
  const fit = (): void => {
    const { width, height } = useDocument.getState();
    fitDocument(width, height);
  };
  const theme = (name: Theme, shortTitle: string): Command => ({
    ...view(`theme-${name}`, `${shortTitle} theme`, [], () => useLayout.setState({ theme: name })),
    submenu: 'Theme',
    shortTitle,
    checked: () => useLayout.getState().theme === name,
  });
  const density = (name: Density, shortTitle: string): Command => ({
    ...view(`density-${name}`, `Controls for ${shortTitle}`, [], () => useLayout.setState({ density: name })),
    submenu: 'Controls for',
    shortTitle,
    checked: () => useLayout.getState().density === name,
  });
  const drawOn = (device: CanvasDevice, shortTitle: string): Command => ({
    ...view(`draw-on-${device}`, `Canvas draws on ${shortTitle}`, [], () =>
      useLayout.setState({ canvasDevice: device }),
    ),
    submenu: 'Canvas draws on',
    shortTitle,
    checked: () => useLayout.getState().canvasDevice === device,
  });
  const memory = (size: PictureMemory, shortTitle: string): Command => ({
    ...view(`memory-${size}`, `Memory for the picture: ${shortTitle}`, [], () =>
      useLayout.setState({ pictureMemory: size }),
    ),
    submenu: 'Memory for the picture',
    shortTitle,
    checked: () => useLayout.getState().pictureMemory === size,
  });
  return [
    view('zoom-in', 'Zoom in', ['$mod+Equal', '$mod+NumpadAdd'], () => zoomBy(ZOOM_STEP)),
    view('zoom-out', 'Zoom out', ['$mod+Minus', '$mod+NumpadSubtract'], () => zoomBy(1 / ZOOM_STEP)),
    view('fit', 'Fit picture', ['$mod+Digit0'], fit),
    view('fit-frame', 'Fit frame', ['$mod+Digit2'], () => {
      const { frame } = useGeneration.getState();
      if (frame) fitRegion(frame);
      else fit();
    }),
    view('fit-selection', 'Fit selection', ['$mod+Digit3'], () => {
      const { selection } = useGeneration.getState();
      if (selection) fitRegion(selection);
      else fit();
    }),
    view('actual', 'Actual pixels', ['$mod+Digit1'], () => zoomTo(1)),
    view('turn-left', 'Turn view left', [], () => turnView(-15)),
    view('turn-right', 'Turn view right', [], () => turnView(15)),
    view('reset-turn', 'Reset rotation', ['Shift+r'], resetRotation),
    view('flip', 'Flip view', ['Shift+h'], toggleFlip),
    view('panels', 'Canvas only', ['$mod+Backslash'], () =>
      useLayout.setState((state) => ({ panelsHidden: !state.panelsHidden })),
    ),
    view('paint', 'Paint', ['Alt+Digit1'], () => choosePreset('paint')),
    view('generate', 'Generate', ['Alt+Digit2'], () => choosePreset('generate')),
    view('gallery', 'Gallery', ['Alt+Digit4'], () => showPictures('gallery')),
    view('queue', 'Queue', ['Alt+Digit6'], () => showPictures('queue')),
    theme('dark', 'Dark'),
    theme('light', 'Light'),
    theme('contrast', 'Contrast'),
    density('mouse', 'a mouse'),
    density('pen', 'a pen'),
    density('touch', 'fingers'),
    {
      ...view('left-handed', 'Left-handed', [], () =>
        useLayout.setState((state) => ({ leftHanded: !state.leftHanded })),
      ),
      checked: () => useLayout.getState().leftHanded,
    },
    drawOn('auto', 'the graphics card if there is one'),
    drawOn('gpu', 'the graphics card, also one in software'),
    drawOn('cpu', 'the processor'),
    memory('auto', `automatic (${wordsForMemory(automaticMemory() / 2 ** 20)})`),
    ...PICTURE_MEMORY.map((size) => memory(size, wordsForMemory(size))),
    view('proof-colours', 'Proof colours', [], toggleProofColours),
    view('proof', 'Soft proof…', [], () => useFileJob.setState({ proofOpen: true })),
    view('hud', 'Quick menu at the pen', ['ContextMenu', 'Shift+F10'], () => {
      const { left, top, screenWidth, screenHeight, scale } = useView.getState();
      openHud(left + screenWidth / scale / 2, top + screenHeight / scale / 2);
    }),
    view('shortcuts', 'Keyboard shortcuts…', ['$mod+Comma'], () =>
      useLayout.setState({ shortcutsOpen: true }),
    ),
    view('commands', 'Find a command', ['$mod+k'], () => useLayout.setState({ commandPaletteOpen: true })),
  ];
}
