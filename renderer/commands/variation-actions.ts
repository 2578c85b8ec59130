import type { Raster } from '../../preload/contract/index.ts';
import type { Rect } from '../engine/geometry/rect.ts';
import { chosenResult, useGeneration } from '../generation/generation-store.ts';
import { randomSeed } from '../generation/build-request.ts';
import { maskInFrame } from '../generation/press.ts';
import { rasterImage } from '../generation/raster-image.ts';
import { useVariations } from '../generation/variation-store.ts';
import { announce, tell } from '../state/status-store.ts';
import { explained } from './explained.ts';
import type { Workspace } from './workspace.ts';

/** Shares of the run that a variation keeps: late forks change little, early ones much. */
const SUBTLE = 0.75;
const STRONG = 0.4;
/** Degrees of fresh noise: nothing of the earlier noise is left. */
const FRESH = 90;

/** Reads where the chosen result can be forked and what it comes from. */
export async function lookAtVariations(workspace: Workspace): Promise<void> {
  const summary = chosenResult(useGeneration.getState());
  if (!summary) {
    useVariations.setState({ resultId: null, kept: null, tree: [], step: 0 });
    return;
  }
  const { resultId } = summary;
  if (useVariations.getState().resultId === resultId) return;
  useVariations.setState({ resultId, kept: null });
  await explained(async () => {
    const [kept, tree] = await Promise.all([
      workspace.link.request('generation.kept', { resultId }),
      workspace.link.request('gallery.tree', { resultId }),
    ]);
    if (useVariations.getState().resultId !== resultId) return;
    useVariations.setState({ kept, tree, step: Math.round(kept.steps * SUBTLE) });
  });
}

/** Shows roughly what the picture was heading to after a step, in its place; the finished picture for null. */
export async function showHeading(workspace: Workspace, step: number | null): Promise<void> {
  const { resultId } = useVariations.getState();
  const summary = chosenResult(useGeneration.getState());
  if (resultId === null || summary?.resultId !== resultId) return;
  if (step === null) {
    await workspace.generator.pictures.choose(resultId);
    return;
  }
  await explained(async () => {
    const { raster } = await workspace.link.request('generation.heading', { resultId, step });
    if (useVariations.getState().step !== step) return;
    if (raster)
      workspace.overlay.show({
        image: rasterImage(raster),
        frame: workspace.generator.pictures.frameOf(summary),
      });
  });
}

/** Makes a variation of a result that differs from a step or share of its run on. */
export async function vary(
  workspace: Workspace,
  at: { readonly step: number } | { readonly share: number },
): Promise<void> {
  const summary = chosenResult(useGeneration.getState());
  if (!summary) return;
  await explained(async () => {
    const { resultId } = summary;
    const noise = { seed: randomSeed(), theta: FRESH };
    const frame = workspace.generator.pictures.frameOf(summary);
    const within = withinSelection(workspace, frame);
    if (within === null) {
      tell({
        level: 'warn',
        message: 'What is selected lies outside the picture, so nothing of it would vary.',
        remedy: 'Select a part of the picture, or take the tick off "Only inside the selection".',
      });
      return;
    }
    const { jobIds } = await workspace.link.request('generation.vary', { resultId, at, noise, within });
    const verb = [
      'share' in at ? (at.share >= SUBTLE ? 'Vary subtly' : 'Vary strongly') : `Fork at ${at.step}`,
      ...(within ? ['inside'] : []),
    ].join(' ');
    workspace.generator.adopt(jobIds, verb, frame);
    announce(`${verb}: on its way.`);
  });
}

/** The part that a variation stays within: undefined for all of the picture, null where none of it is selected. */
function withinSelection({ open }: Workspace, frame: Rect): Raster | null | undefined {
  const selection = open?.session.selection.mask ?? null;
  if (selection === null || !useVariations.getState().insideSelection) return undefined;
  return maskInFrame(selection, frame);
}

/** A late fork: small changes. */
export const varySubtly = (workspace: Workspace): Promise<void> => vary(workspace, { share: SUBTLE });
/** An early fork: large changes. */
export const varyStrongly = (workspace: Workspace): Promise<void> => vary(workspace, { share: STRONG });
