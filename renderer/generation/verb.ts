/** What decides the word on the button. */
export interface VerbFacts {
  /** Something other than flat colour is in the frame. */
  readonly frameHasPixels: boolean;
  /** 0 … 1 */
  readonly strength: number;
  /** Something is selected. */
  readonly selected: boolean;
  /** The prompt, or the words of a group, say something. */
  readonly hasText: boolean;
  /** A picture ends within the frame and blank paper lies beside it. */
  readonly blankBeside: boolean;
  /** The active group that has words, paint and "only this"; null without one. */
  readonly onlyGroup: string | null;
  /** Layers that guide the picture. */
  readonly guides: number;
  /** What was chosen in place of what the canvas says. */
  readonly forced: VerbKind | null;
}

export type VerbKind =
  | 'generate'
  | 'refine'
  | 'generate-over'
  | 'fill'
  | 'refine-selection'
  | 'remove'
  | 'extend'
  | 'redo-group';

/** What a press will do, in a word, and a hint where the word is not enough. */
export interface Verb {
  readonly kind: VerbKind;
  readonly label: string;
  readonly hint: string | null;
  /** It was chosen, not read off the canvas. */
  readonly pinned: boolean;
}

/** The mode follows from what is on the canvas; the table of the interaction brief, §4. */
export function verbFor(facts: VerbFacts): Verb {
  const natural = naturalVerb(facts);
  const kind = facts.forced !== null && canForce(facts.forced, facts) ? facts.forced : natural;
  const { label, hint } = sayVerb(kind, facts);
  const guides = facts.guides === 0 ? '' : facts.guides === 1 ? ', 1 guide' : `, ${facts.guides} guides`;
  return { kind, label: `${label}${guides}`, hint, pinned: kind !== natural };
}

/** Verbs that make sense where the natural one is another. */
export function possibleVerbs(
  facts: VerbFacts,
): readonly { readonly kind: VerbKind; readonly label: string }[] {
  return ALL.filter((kind) => canForce(kind, facts)).map((kind) => ({
    kind,
    label: sayVerb(kind, facts).label,
  }));
}

const ALL: readonly VerbKind[] = [
  'generate',
  'refine',
  'generate-over',
  'fill',
  'refine-selection',
  'remove',
  'extend',
  'redo-group',
];

function naturalVerb({
  frameHasPixels,
  strength,
  selected,
  hasText,
  blankBeside,
  onlyGroup,
}: VerbFacts): VerbKind {
  if (selected) {
    if (!hasText) return 'remove';
    return strength >= 1 ? 'fill' : 'refine-selection';
  }
  if (onlyGroup !== null) return 'redo-group';
  if (blankBeside) return 'extend';
  if (!frameHasPixels) return 'generate';
  return strength >= 1 ? 'generate-over' : 'refine';
}

function canForce(
  kind: VerbKind,
  { frameHasPixels, selected, blankBeside, onlyGroup, strength }: VerbFacts,
): boolean {
  switch (kind) {
    case 'generate':
      return !frameHasPixels;
    case 'generate-over':
      return frameHasPixels;
    case 'refine':
      return frameHasPixels && strength < 1;
    case 'fill':
    case 'remove':
      return selected;
    case 'refine-selection':
      return selected && strength < 1;
    case 'extend':
      return blankBeside;
    case 'redo-group':
      return onlyGroup !== null;
    default:
      return kind satisfies never;
  }
}

/** A verb as the button names it. */
export function sayVerb(
  kind: VerbKind,
  { strength, onlyGroup }: Pick<VerbFacts, 'strength' | 'onlyGroup'>,
): { label: string; hint: string | null } {
  switch (kind) {
    case 'generate':
      return { label: 'Generate', hint: null };
    case 'generate-over':
      return { label: 'Generate over', hint: 'ignores what is there' };
    case 'refine':
      return { label: `Refine ${Math.round(strength * 100)}%`, hint: strengthWords(strength) };
    case 'fill':
      return { label: 'Fill', hint: 'paints the selection, keeps every pixel outside' };
    case 'refine-selection':
      return { label: 'Refine selection', hint: `${strengthWords(strength)} what is selected` };
    case 'remove':
      return { label: 'Remove', hint: 'continues the surroundings into the selection' };
    case 'extend':
      return { label: 'Extend', hint: 'paints the blank part, keeps the picture' };
    case 'redo-group':
      return {
        label: `Redo ${onlyGroup ?? ''}`.trim().slice(0, 40),
        hint: 'paints the area of this group only',
      };
    default:
      return kind satisfies never;
  }
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

/** How much of a picture is there already, by the seconds that it would have taken; null where next to nothing is. */
export function cacheShare(price: { seconds: number; savedSeconds: number }): string | null {
  const percent = Math.floor((100 * price.savedSeconds) / Math.max(1e-6, price.seconds + price.savedSeconds));
  return percent < 5 ? null : `${percent}% from cache`;
}

/**
 * What stands apart from the price: loading that is paid once, what is there already, and that nothing was timed yet. Null
 * when none of it is.
 */
export function priceNote(price: {
  seconds: number;
  savedSeconds: number;
  onceSeconds: number;
  measured: boolean;
}): string | null {
  const once = price.onceSeconds > 0.05 ? `+${secondsText(price.onceSeconds)} once` : null;
  const first = price.measured ? null : 'first time';
  return [once, cacheShare(price), first].filter((part) => part !== null).join(', ') || null;
}
