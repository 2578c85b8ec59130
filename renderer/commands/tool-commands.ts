import {
  activeBrushKey,
  changeBrush,
  chooseTool,
  chooseLastBrush,
  stepBrushSize,
  toggleSymmetry,
  type ToolId,
  usePaint,
} from '../state/paint-store.ts';
import { allBrushes, useBrushes } from '../state/brush-store.ts';
import { useLayout } from '../state/layout-store.ts';
import { presetSettings } from '../tools/brush/make-brush.ts';
import { stepLightness } from './step-colour.ts';
import type { Command } from './command.ts';

/** Two digits within this time make an exact opacity. */
const DIGIT_MILLISECONDS = 700;
let lastDigit = { value: 0, time: Number.NEGATIVE_INFINITY };

/** 1 … 9 are 10 … 90%, 0 is 100%; two digits in quick succession are exact. */
function typeOpacity(digit: number): void {
  const now = performance.now();
  const second = now - lastDigit.time < DIGIT_MILLISECONDS;
  const percent = second ? lastDigit.value * 10 + digit : digit === 0 ? 100 : digit * 10;
  lastDigit = second ? { value: 0, time: Number.NEGATIVE_INFINITY } : { value: digit, time: now };
  changeBrush({ opacity: percent === 0 ? 1 : percent / 100 });
}

function stepStabiliser(direction: 1 | -1): void {
  const state = usePaint.getState();
  changeBrush({ stabiliser: state[activeBrushKey(state)].stabiliser + direction });
}

function stepHardness(direction: 1 | -1): void {
  const state = usePaint.getState();
  changeBrush({ hardness: state[activeBrushKey(state)].hardness + direction * 0.1 });
}

function stepOpacity(direction: 1 | -1): void {
  const state = usePaint.getState();
  changeBrush({ opacity: state[activeBrushKey(state)].opacity + direction * 0.1 });
}

/** Takes the next brush of the list, which goes round. */
function stepBrush(direction: 1 | -1): void {
  const state = usePaint.getState();
  const key = activeBrushKey(state);
  const mode = key === 'eraser' ? 'erase' : 'paint';
  const brushes = allBrushes(useBrushes.getState()).filter((brush) => brush.mode === mode);
  const at = brushes.findIndex(({ id }) => id === state[key].presetId);
  const next = brushes[(at + direction + brushes.length) % brushes.length];
  if (next) changeBrush(presetSettings(next));
}

/** Choosing tools and changing the brush in hand. */
export function toolCommands(): readonly Command[] {
  const tool = (id: ToolId, title: string, key: string): Command => ({
    id: `tool.${id}`,
    title,
    group: 'Tools',
    keys: [key],
    run: () => chooseTool(id),
  });
  const step = (id: string, title: string, key: string | null, run: () => void): Command => ({
    id: `brush.${id}`,
    title,
    group: 'Tools',
    keys: key === null ? [] : [key],
    run,
  });
  const digits = Array.from({ length: 10 }, (_, digit): Command => ({
    id: `brush.opacity-${digit}`,
    title: `Opacity ${digit === 0 ? 100 : digit * 10}%`,
    group: 'Tools',
    keys: [`Digit${digit}`],
    run: () => typeOpacity(digit),
  }));
  const flowDigits = Array.from({ length: 10 }, (_, digit): Command => ({
    id: `brush.flow-${digit}`,
    title: `Flow ${digit === 0 ? 100 : digit * 10}%`,
    group: 'Tools',
    keys: [`Shift+Digit${digit}`],
    run: () => changeBrush({ flow: digit === 0 ? 1 : digit / 10 }),
  }));
  return [
    tool('brush', 'Brush', 'b'),
    tool('eraser', 'Eraser', 'e'),
    tool('smudge', 'Smudge', 'j'),
    tool('eyedropper', 'Eyedropper', 'i'),
    tool('fill', 'Fill', 'g'),
    tool('gradient', 'Gradient', 'Shift+g'),
    tool('rectangle', 'Select rectangle', 'm'),
    tool('ellipse', 'Select ellipse', 'Shift+m'),
    tool('lasso', 'Lasso', 'l'),
    tool('wand', 'Wand', 'w'),
    tool('frame', 'Frame', 'f'),
    tool('move', 'Move', 'v'),
    { ...tool('transform', 'Transform', '$mod+t'), keys: ['$mod+t', 'Shift+t'] },
    tool('crop', 'Crop', 'c'),
    tool('liquify', 'Liquify', '$mod+Shift+x'),
    tool('shape', 'Shape', 'u'),
    tool('text', 'Text', 't'),
    tool('drawing-ruler', 'Drawing ruler', 'Shift+u'),
    tool('pan', 'Pan', 'h'),
    step('smaller', 'Smaller brush', 'BracketLeft', () => stepBrushSize(-1)),
    step('larger', 'Larger brush', 'BracketRight', () => stepBrushSize(1)),
    step('less-stable', 'Less stabiliser', 'Shift+Comma', () => stepStabiliser(-1)),
    step('more-stable', 'More stabiliser', 'Shift+Period', () => stepStabiliser(1)),
    step('hardness-less', 'Softer brush', 'Shift+BracketLeft', () => stepHardness(-1)),
    step('hardness-more', 'Harder brush', 'Shift+BracketRight', () => stepHardness(1)),
    step('opacity-less', 'Less opacity', null, () => stepOpacity(-1)),
    step('opacity-more', 'More opacity', null, () => stepOpacity(1)),
    step('darker', 'Darker colour', 'k', () => stepLightness(-1)),
    step('lighter', 'Lighter colour', 'Shift+k', () => stepLightness(1)),
    step('previous', 'Previous brush', 'Comma', () => stepBrush(-1)),
    step('next', 'Next brush', 'Period', () => stepBrush(1)),
    step('last', 'Last two brushes in turn', 'Shift+b', chooseLastBrush),
    step('erases', 'This brush erases', 'Shift+e', () =>
      usePaint.setState((state) => ({ brushErases: !state.brushErases, tool: 'brush' })),
    ),
    step('symmetry', 'Symmetry on or off', 'y', toggleSymmetry),
    step('editor', 'Brush editor', 'F5', () =>
      useLayout.setState((state) => ({ brushEditorOpen: !state.brushEditorOpen })),
    ),
    ...digits,
    ...flowDigits,
  ];
}
