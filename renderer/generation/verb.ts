/** What decides the word on the button. */
export interface VerbFacts {
  /** Something other than flat colour is in the frame. */
  readonly frameHasPixels: boolean;
  /** 0 … 1 */
  readonly strength: number;
}

/** What a press will do, in a word, and a hint where the word is not enough. */
export interface Verb {
  readonly kind: 'generate' | 'refine' | 'generate-over';
  readonly label: string;
  readonly hint: string | null;
}

/** The mode follows from what is on the canvas; nobody chooses it from a list. */
export function verbFor({ frameHasPixels, strength }: VerbFacts): Verb {
  if (!frameHasPixels) return { kind: 'generate', label: 'Generate', hint: null };
  if (strength >= 1) return { kind: 'generate-over', label: 'Generate over', hint: 'ignores what is there' };
  return {
    kind: 'refine',
    label: `Refine ${Math.round(strength * 100)}%`,
    hint: strengthWords(strength),
  };
}

/** A strength in words. */
export function strengthWords(strength: number): string {
  if (strength >= 1) return 'new picture';
  if (strength >= 0.65) return 'reinvent';
  return strength >= 0.4 ? 'rework' : 'touch up';
}

/** Seconds as the button says them: two figures below ten, whole above, minutes from 90 s. */
export function secondsText(seconds: number): string {
  if (seconds >= 90) return `${Math.round(seconds / 60)} min`;
  if (seconds >= 9.95) return `${Math.round(seconds)} s`;
  return `${Math.max(0.1, seconds).toFixed(1)} s`;
}

/** The price behind the verb: `2.1 s`, or `about 40 s` while this was never timed here. */
export function priceText(price: { seconds: number; measured: boolean }): string {
  return price.measured ? secondsText(price.seconds) : `about ${secondsText(price.seconds)}`;
}

/** What stands apart from the price: loading that is paid once, and that nothing was timed yet. Null when neither is. */
export function priceNote(price: { onceSeconds: number; measured: boolean }): string | null {
  const once = price.onceSeconds > 0.05 ? `+${secondsText(price.onceSeconds)} once` : null;
  const first = price.measured ? null : 'first time';
  return [once, first].filter((part) => part !== null).join(', ') || null;
}
