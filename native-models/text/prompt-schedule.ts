import { ModelError } from '../errors.ts';
import { joinTexts, type MappedText, sliceText } from './mapped-text.ts';
import { matchBrackets } from './prompt-brackets.ts';

type Node =
  | { readonly kind: 'text'; readonly start: number; readonly end: number }
  | {
      readonly kind: 'switch';
      readonly before: readonly Node[];
      readonly after: readonly Node[];
      /** The last step, from 1, that still shows `before`. */
      readonly at: number;
    }
  | { readonly kind: 'cycle'; readonly options: ReadonlyArray<readonly Node[]> };

/** The prompt of some of the run's steps. */
export interface ScheduledText {
  /** First step, from 0. */
  readonly from: number;
  /** One past the last step. */
  readonly to: number;
  readonly content: MappedText;
}

const NUMBER = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i;
const MOST_DEPTH = 100;

/** Reads a whole prompt; brackets that schedule nothing stay in the text. */
class ScheduleParser {
  readonly text: string;
  readonly steps: number;
  readonly partners: Int32Array;

  constructor(text: string, steps: number) {
    this.text = text;
    this.steps = steps;
    this.partners = matchBrackets(text);
  }

  /** Where the text between two offsets has `:` or `|` outside brackets and escapes. */
  separators(start: number, end: number, wanted: string): number[] {
    const found: number[] = [];
    for (let i = start; i < end; i += 1) {
      const letter = this.text[i];
      const partner = this.partners[i] ?? -1;
      if (letter === '\\') i += 1;
      else if (partner > i) i = partner;
      else if (letter === wanted) found.push(i);
    }
    return found;
  }

  /** The step that a number in brackets means: with a point a share of the run, else a step. */
  stepOf(number: string): number {
    const value = Number(number);
    const step = number.includes('.') ? value * this.steps : value;
    return Math.min(this.steps, Math.trunc(step));
  }

  /** What `[...]` is, or null if it is only there to weaken the words in it. */
  special(start: number, end: number, depth: number): Node | null {
    const colons = this.separators(start, end, ':');
    const last = colons.at(-1);
    if (last !== undefined && colons.length <= 2 && NUMBER.test(this.text.slice(last + 1, end))) {
      const first = colons.length === 2 ? (colons[0] ?? start) : start;
      return {
        kind: 'switch',
        before: colons.length === 2 ? this.parse(start, first, depth) : [],
        after: this.parse(colons.length === 2 ? first + 1 : start, last, depth),
        at: this.stepOf(this.text.slice(last + 1, end).trim()),
      };
    }
    const bars = this.separators(start, end, '|');
    if (colons.length > 0 || bars.length === 0) return null;
    const borders = [start - 1, ...bars, end];
    return {
      kind: 'cycle',
      options: borders.slice(1).map((to, i) => this.parse((borders[i] ?? 0) + 1, to, depth)),
    };
  }

  parse(start: number, end: number, depth = 0): Node[] {
    if (depth > MOST_DEPTH) {
      throw new ModelError(
        'size-unsupported',
        `The prompt has brackets nested more than ${MOST_DEPTH} deep.`,
        'Write the weight as a number, such as (word:1.4).',
      );
    }
    const nodes: Node[] = [];
    let plain = start;
    const flush = (to: number): void => {
      if (to > plain) nodes.push({ kind: 'text', start: plain, end: to });
    };
    for (let i = start; i < end; i += 1) {
      const partner = this.partners[i] ?? -1;
      if (this.text[i] === '\\') {
        i += 1;
      } else if (partner > i && partner < end) {
        const special = this.text[i] === '[' ? this.special(i + 1, partner, depth + 1) : null;
        const inner = special ? [special] : this.parse(i + 1, partner, depth + 1);
        // Text without any schedule in it needs no node of its own.
        if (special || inner.some((node) => node.kind !== 'text')) {
          flush(special ? i : i + 1);
          nodes.push(...inner);
          plain = special ? partner + 1 : partner;
        }
        i = partner;
      }
    }
    flush(end);
    return nodes;
  }
}

function collectSteps(nodes: readonly Node[], steps: number, found: Set<number>): void {
  for (const node of nodes) {
    if (node.kind === 'switch') {
      if (node.at >= 1) found.add(node.at);
      collectSteps(node.before, steps, found);
      collectSteps(node.after, steps, found);
    } else if (node.kind === 'cycle') {
      for (let step = 1; step <= steps; step += 1) found.add(step);
      for (const option of node.options) collectSteps(option, steps, found);
    }
  }
}

function render(nodes: readonly Node[], step: number, source: MappedText): MappedText[] {
  return nodes.flatMap((node) => {
    switch (node.kind) {
      case 'text':
        return [sliceText(source, node.start, node.end)];
      case 'switch':
        return render(step <= node.at ? node.before : node.after, step, source);
      case 'cycle':
        return render(node.options[(step - 1) % node.options.length] ?? [], step, source);
    }
  });
}

/**
 * What a prompt says at each step of a run, by A1111's grammar (`prompt_parser.py`): `[to:when]`,
 * `[from:to:when]`, `[from::when]` change once, `[a|b]` changes every step. `when` is a step, or
 * with a decimal point a share of the run. Brackets that fit none of these stay as they are.
 *
 * @param steps steps of the run, at least 1.
 * @returns ranges in order that together cover all steps; neighbours differ.
 * @throws ModelError `size-unsupported` if brackets are nested too deep.
 */
export function schedulePrompt(source: MappedText, steps: number): ScheduledText[] {
  const nodes = new ScheduleParser(source.text, steps).parse(0, source.text.length);
  const ends = new Set([steps]);
  collectSteps(nodes, steps, ends);
  const ranges: ScheduledText[] = [];
  for (const end of [...ends].toSorted((a, b) => a - b)) {
    const content = joinTexts(render(nodes, end, source));
    const before = ranges.at(-1);
    if (before && before.content.text === content.text) ranges[ranges.length - 1] = { ...before, to: end };
    else ranges.push({ from: before?.to ?? 0, to: end, content });
  }
  return ranges;
}
