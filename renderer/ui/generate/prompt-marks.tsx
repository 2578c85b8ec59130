import type { TokenReport } from '../../generation/generation-store.ts';
import { promptOverflow } from '../../generation/prompt-parts.ts';

interface Mark {
  readonly start: number;
  readonly end: number;
  readonly kind: 'unknown' | 'beyond';
}

/** Stretches of the prompt to underline: words the model does not know, and what does not fit into the part that it reads at once. */
function promptMarks(text: string, tokens: TokenReport): Mark[] {
  const marks: Mark[] = tokens.unknown
    .filter(({ word, start }) => text.slice(start, start + word.length).toLowerCase() === word.toLowerCase())
    .map(({ word, start }) => ({ start, end: start + word.length, kind: 'unknown' }));
  const over = promptOverflow(text, tokens);
  if (over) {
    const inside = marks.filter((mark) => mark.end <= over.start);
    return [...inside, { start: over.start, end: text.length, kind: 'beyond' }];
  }
  return marks.toSorted((a, b) => a.start - b.start);
}

/** The prompt once more under the field, invisible but for its underlines. */
export function PromptMarks({ text, tokens }: { text: string; tokens: TokenReport | null }) {
  if (!tokens) return null;
  const marks = promptMarks(text, tokens);
  if (marks.length === 0) return null;
  const parts = marks.flatMap(({ start, end, kind }, index) => {
    const before = text.slice(marks[index - 1]?.end ?? 0, start);
    return [
      before,
      <span className={kind} key={start}>
        {text.slice(start, end)}
      </span>,
    ];
  });
  return (
    <div className="prompt-words" aria-hidden>
      {parts}
      {text.slice(marks.at(-1)?.end ?? 0)}
    </div>
  );
}

/** A thin meter of tokens, one bar a chunk. */
export function TokenMeter({ tokens }: { tokens: TokenReport | null }) {
  if (!tokens || tokens.limit === 0) return null;
  const chunks = Math.max(1, Math.ceil(tokens.tokens / tokens.limit));
  return (
    <div className="token-meter" title={`${tokens.tokens} of ${tokens.limit} tokens`}>
      <meter className="visually-hidden" aria-label="Tokens" min={0} max={tokens.limit} value={tokens.tokens}>
        {tokens.tokens} of {tokens.limit} tokens
      </meter>
      {Array.from({ length: chunks }, (_, chunk) => {
        const share = Math.min(1, Math.max(0, tokens.tokens / tokens.limit - chunk));
        return (
          <span key={chunk}>
            <i style={{ width: `${share * 100}%` }} data-over={chunk > 0} />
          </span>
        );
      })}
    </div>
  );
}
