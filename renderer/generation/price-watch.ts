import { StudioError } from '../../preload/contract/index.ts';
import type { StudioLink } from '../state/studio-link.ts';
import { buildPriceRequest, enlarged, type Priced } from './build-request.ts';
import { guideLayers, verbFacts, wordGroups } from './canvas-facts.ts';
import { cropSize, selectionFrame } from './frame.ts';
import { currentModel, useGeneration } from './generation-store.ts';
import { useDocument } from '../state/document/document-store.ts';
import { useShelf } from './shelf-store.ts';
import { type VerbKind, verbFor } from './verb.ts';

/** Quiet time after a change before the price is asked for. */
const PRICE_DELAY = 120;
const TOKEN_DELAY = 200;

/** Keeps the price on the button and the token meter true to the form; returns how to stop. */
export function watchPrice(link: StudioLink): () => void {
  let priceTimer: ReturnType<typeof setTimeout> | undefined;
  let tokenTimer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;

  const askPrice = async (): Promise<void> => {
    const number = ++asked;
    const state = useGeneration.getState();
    const { form } = state;
    if (form.modelId === '') return;
    try {
      const price = await link.request('generation.price', buildPriceRequest(form, pricedNow()));
      if (number === asked) useGeneration.setState({ price });
    } catch (error) {
      if (number === asked && error instanceof StudioError) useGeneration.setState({ price: null });
    }
  };

  const askTokens = async (): Promise<void> => {
    const { form } = useGeneration.getState();
    if (form.modelId === '') return;
    const text = form.prompt;
    try {
      const tokens = await link.request('models.tokens', { modelId: form.modelId, text });
      if (useGeneration.getState().form.prompt === text) useGeneration.setState({ tokens });
    } catch {
      useGeneration.setState({ tokens: null });
    }
  };

  const later = (): void => {
    clearTimeout(priceTimer);
    priceTimer = setTimeout(() => void askPrice(), PRICE_DELAY);
  };
  const laterTokens = (): void => {
    clearTimeout(tokenTimer);
    tokenTimer = setTimeout(() => void askTokens(), TOKEN_DELAY);
  };
  later();
  laterTokens();
  const stop = useGeneration.subscribe((state, before) => {
    if (PRICED.some((field) => state[field] !== before[field])) later();
    if (state.form.prompt !== before.form.prompt || state.form.modelId !== before.form.modelId) laterTokens();
    // Measured times change with every job that ends.
    if (state.jobs.length < before.jobs.length) later();
  });
  const stopShelf = useShelf.subscribe(later);
  const stopLayers = useDocument.subscribe((state, before) => {
    if (state.layers !== before.layers || state.activeLayerId !== before.activeLayerId) later();
  });
  return () => {
    stop();
    stopShelf();
    stopLayers();
    clearTimeout(priceTimer);
    clearTimeout(tokenTimer);
  };
}

/** What of the state decides a price. */
const PRICED = ['form', 'frameHasPixels', 'selection', 'blankBeside', 'forcedVerb', 'frame'] as const;

/** Verbs that start from what is there, at the strength that is set; those that paint in a mask make all of it anew. */
const FOLLOWING: ReadonlySet<VerbKind> = new Set(['refine', 'refine-selection', 'redo-group']);
const MASKED: ReadonlySet<VerbKind> = new Set(['fill', 'remove', 'extend', 'refine-selection', 'redo-group']);

function pricedNow(): Priced {
  const state = useGeneration.getState();
  const { layers, activeLayerId } = useDocument.getState();
  const { width: canvasWidth, height: canvasHeight } = useDocument.getState();
  const { form, selection, frame } = state;
  const model = currentModel(state);
  const { kind } = verbFor(verbFacts(state, { layers, activeLayerId }));
  const canvas = { width: canvasWidth, height: canvasHeight };
  const area = frame ?? (selection && model ? selectionFrame(canvas, selection, model) : null);
  const size = MASKED.has(kind) && area && model ? cropSize(area, model) : form;
  const passes = MASKED.has(kind) ? {} : enlarged(form, model?.sizeMultiple ?? 8);
  return {
    hires: passes.hires,
    masked: MASKED.has(kind),
    strength: FOLLOWING.has(kind) ? form.strength : MASKED.has(kind) ? 1 : null,
    width: passes.width ?? size.width,
    height: passes.height ?? size.height,
    guides: guideLayers(layers),
    groups: wordGroups(layers),
  };
}
