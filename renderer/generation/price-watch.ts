import { StudioError } from '../../preload/contract/index.ts';
import type { StudioLink } from '../state/studio-link.ts';
import { buildPriceRequest } from './build-request.ts';
import { type GenerationForm, useGeneration } from './generation-store.ts';
import { useShelf } from './shelf-store.ts';

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
    const { form, frameHasPixels } = useGeneration.getState();
    if (form.modelId === '') return;
    const strength = frameHasPixels && form.strength < 1 ? form.strength : null;
    try {
      const price = await link.request('generation.price', buildPriceRequest(form, strength));
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
    if (priceDepends(state.form, before.form) || state.frameHasPixels !== before.frameHasPixels) later();
    if (state.form.prompt !== before.form.prompt || state.form.modelId !== before.form.modelId) laterTokens();
    // Measured times change with every job that ends.
    if (state.jobs.length < before.jobs.length) later();
  });
  const stopShelf = useShelf.subscribe(later);
  return () => {
    stop();
    stopShelf();
    clearTimeout(priceTimer);
    clearTimeout(tokenTimer);
  };
}

function priceDepends(a: GenerationForm, b: GenerationForm): boolean {
  return a !== b;
}
