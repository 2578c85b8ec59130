import { changeForm, chosenResult, useGeneration } from '../generation/generation-store.ts';
import { acceptChosen, foldStrip, rejectChosen, stepResult, unfoldStrip } from './accept-result.ts';
import { acceptPart, finishPart, paintsPart } from './accept-part.ts';
import type { Command } from './command.ts';
import { chooseAndRead } from './read-picture.ts';
import { fitFrameInTurn } from './fit-frame.ts';
import { giveGroupWords } from './conditioning-edits.ts';
import { useLayout } from '../state/layout-store.ts';
import { usePlan } from '../generation/plan-store.ts';
import { showPlan } from './plan-actions.ts';
import { varyStrongly, varySubtly } from './variation-actions.ts';
import type { Workspace } from './workspace.ts';

function stepStrength(direction: 1 | -1): void {
  const { strength } = useGeneration.getState().form;
  const next = Math.round(strength * 20 + direction) / 20;
  changeForm({ strength: Math.min(1, Math.max(0.05, next)) });
}

/** Making pictures and deciding on them. */
export function generationCommands(workspace: Workspace): readonly Command[] {
  const command = (
    id: string,
    title: string,
    keys: readonly string[],
    run: () => void | Promise<void>,
    enabled: () => boolean = () => true,
  ): Command => ({ id: `generation.${id}`, title, group: 'Generate', keys, run, enabled });
  const { generator } = workspace;
  const hasChosen = (): boolean => chosenResult(useGeneration.getState()) !== undefined;
  const hasStrip = (): boolean => useGeneration.getState().strip.length > 0;
  return [
    command('start', 'Generate', ['$mod+Enter'], () => generator.start()),
    command('start-ahead', 'Generate ahead of the queue', ['$mod+Shift+Enter'], () =>
      generator.start(undefined, true),
    ),
    command('fit-frame', 'Frame to selection, layer, canvas in turn', ['Shift+f'], () =>
      fitFrameInTurn(workspace),
    ),
    command('why', 'Why this price', ['Alt+Enter'], () => showPlan(!usePlan.getState().open)),
    command(
      'cancel',
      'Cancel the running job',
      ['Shift+x'],
      () => generator.cancelRunning(),
      () => useGeneration.getState().jobs.length > 0,
    ),
    command('accept', 'Accept the chosen result', ['a'], () => acceptChosen(workspace), hasChosen),
    command(
      'accept-part',
      'Accept a part: paint it in',
      ['p'],
      () => (paintsPart() ? finishPart(workspace) : acceptPart(workspace)),
      () => paintsPart() || hasChosen(),
    ),
    command('finish-part', 'Keep what was painted in', ['Enter'], () => finishPart(workspace), paintsPart),
    command('reject', 'Reject the chosen result', [], () => rejectChosen(workspace), hasChosen),
    command('next', 'Next result', ['n'], () => stepResult(workspace, 1), hasStrip),
    command('previous', 'Previous result', ['Shift+n'], () => stepResult(workspace, -1), hasStrip),
    command(
      'strip',
      'Fold or open the strip',
      [],
      () => (useGeneration.getState().stripOpen ? foldStrip(workspace) : unfoldStrip(workspace)),
      hasStrip,
    ),
    command(
      'vary-subtly',
      'Vary the chosen result subtly',
      ['Alt+v'],
      () => varySubtly(workspace),
      hasChosen,
    ),
    command(
      'vary-strongly',
      'Vary the chosen result strongly',
      ['Alt+Shift+v'],
      () => varyStrongly(workspace),
      hasChosen,
    ),
    command('grid', 'Grid of settings…', [], () => useLayout.setState({ gridOpen: true })),
    command('more-strength', 'More strength', ['Alt+PageUp'], () => stepStrength(1)),
    command('less-strength', 'Less strength', ['Alt+PageDown'], () => stepStrength(-1)),
    command('read-picture', 'Use the settings of a picture…', [], () => chooseAndRead(workspace)),
    command(
      'words',
      'Give this group words',
      [],
      () => {
        if (workspace.open) giveGroupWords(workspace.open.session);
      },
      () => workspace.open !== null,
    ),
    command('prompt', 'Write the prompt', ['$mod+p'], () =>
      document.querySelector<HTMLElement>('[data-testid="prompt"]')?.focus(),
    ),
  ];
}
