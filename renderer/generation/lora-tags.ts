/** A LoRA that the prompt calls by name, and where it stands there. */
export interface LoraTag {
  readonly name: string;
  /** The first number after the name; 1 when there is none. */
  readonly strength: number;
  readonly start: number;
  readonly end: number;
}

const TAG = /<(?:lora|lyco):([^<>:]+)((?::[^<>:]*)*)>/g;
const BEGUN = /<(?:l(?:o(?:ra?)?)?|lora:([^<>:\n]{0,80}))?$/;

/** The `<lora:name:0.8>` of a prompt in order. What the studio reads as words is none. */
export function loraTags(prompt: string): LoraTag[] {
  return [...prompt.matchAll(TAG)].flatMap((match) => {
    const name = (match[1] ?? '').trim();
    const first = (match[2] ?? '').split(':')[1]?.split('=').at(-1)?.trim();
    const strength = first === undefined ? 1 : Number(first === '' ? Number.NaN : first);
    if (name === '' || !Number.isFinite(strength)) return [];
    return [{ name, strength, start: match.index, end: match.index + match[0].length }];
  });
}

/** How a LoRA is written in a prompt. */
export function loraTag(name: string, strength: number): string {
  return `<lora:${name}:${Number(strength.toFixed(2))}>`;
}

/** The prompt with a tag put anew, or without it; a blank that would stand double goes with it. */
export function replaceTag(prompt: string, { start, end }: LoraTag, text: string): string {
  const after = prompt.slice(end);
  const before = prompt.slice(0, start);
  if (text === '' && /(^|\s)$/.test(before)) return before + after.replace(/^ /, '');
  return before + text + after;
}

/** A tag that is being typed right before the caret: where it begins, and what of the name is there. */
export function begunTag(prompt: string, caret: number): { start: number; typed: string } | null {
  const match = BEGUN.exec(prompt.slice(0, caret));
  return match && { start: match.index, typed: match[1] ?? '' };
}
