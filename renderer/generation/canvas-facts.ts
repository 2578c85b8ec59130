import type { GroupWords, LayerGuide } from '../engine/layers/conditioning.ts';
import type { LayerRecord } from '../engine/layers/layer-record.ts';
import type { GenerationState } from './generation-store.ts';
import type { VerbFacts } from './verb.ts';

/** A layer that guides the picture. */
export interface GuideLayer {
  readonly id: string;
  readonly name: string;
  readonly guide: LayerGuide;
}

/** A group that has words. */
export interface WordGroup {
  readonly id: string;
  readonly name: string;
  readonly words: GroupWords;
}

/** Layers that guide, topmost first; a hidden one does not. */
export function guideLayers(layers: readonly LayerRecord[]): GuideLayer[] {
  return shown(layers).flatMap(({ id, name, guide }) => (guide ? [{ id, name, guide }] : []));
}

/** Groups with words, topmost first; a hidden one has no say. */
export function wordGroups(layers: readonly LayerRecord[]): WordGroup[] {
  return shown(layers).flatMap(({ id, name, words }) => (words ? [{ id, name, words }] : []));
}

function shown(layers: readonly LayerRecord[]): LayerRecord[] {
  const hidden = new Set<string>();
  for (const { id, parent, visible } of layers) {
    if (!visible || (parent !== null && hidden.has(parent))) hidden.add(id);
  }
  return layers.filter(({ id }) => !hidden.has(id)).toReversed();
}

/** The group with words and "only this" that the active layer is or stands in; null without one. */
export function onlyGroup(layers: readonly LayerRecord[], activeId: string | null): WordGroup | null {
  const groups = new Map(wordGroups(layers).map((group) => [group.id, group]));
  const byId = new Map(layers.map((layer) => [layer.id, layer]));
  for (let id = activeId; id !== null; id = byId.get(id)?.parent ?? null) {
    const group = groups.get(id);
    if (group?.words.only) return group;
  }
  return null;
}

/** What decides the verb, from what the panels show. */
export function verbFacts(
  state: Pick<GenerationState, 'form' | 'frameHasPixels' | 'selection' | 'blankBeside' | 'forcedVerb'>,
  document: { readonly layers: readonly LayerRecord[]; readonly activeLayerId: string | null },
): VerbFacts {
  const { layers, activeLayerId } = document;
  const words = wordGroups(layers).some((group) => group.words.prompt.trim() !== '');
  return {
    frameHasPixels: state.frameHasPixels,
    strength: state.form.strength,
    selected: state.selection !== null,
    hasText: words || state.form.prompt.trim() !== '',
    blankBeside: state.blankBeside,
    onlyGroup: onlyGroup(layers, activeLayerId)?.name ?? null,
    guides: guideLayers(layers).length,
    forced: state.forcedVerb,
  };
}
