import { useLayoutEffect, useRef } from 'react';
import { showPlan } from '../../commands/plan-actions.ts';
import { changeForm, useGeneration } from '../../generation/generation-store.ts';
import { useRoom } from '../workspace-context.tsx';
import { useLoraCompletion } from './adapters/use-lora-completion.tsx';
import { PromptMarks, TokenMeter } from './prompt-marks.tsx';

/** Tallest field: three lines. */
const TALLEST = 78;

/** Where the prompt is written. Enter generates, Shift+Enter breaks the line, Alt+Enter says why it costs what it costs, Esc goes back to the canvas. */
export function PromptField() {
  const { workspace } = useRoom();
  const prompt = useGeneration((state) => state.form.prompt);
  const tokens = useGeneration((state) => state.tokens);
  const field = useRef<HTMLTextAreaElement>(null);
  const recalled = useRef(-1);
  const completion = useLoraCompletion(field);
  useLayoutEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.height = '38px';
    area.style.height = `${Math.min(TALLEST, area.scrollHeight)}px`;
  }, [prompt]);

  const recall = (direction: 1 | -1): void => {
    const { recentPrompts } = useGeneration.getState();
    const next = Math.min(recentPrompts.length - 1, Math.max(-1, recalled.current + direction));
    const text = recentPrompts[next];
    if (text === undefined) return;
    recalled.current = next;
    changeForm({ prompt: text });
  };
  return (
    <div className="prompt-field">
      <PromptMarks text={prompt} tokens={tokens} />
      <textarea
        ref={field}
        data-testid="prompt"
        aria-label="Prompt: what the picture shows"
        placeholder="Describe the picture"
        rows={1}
        maxLength={20_000}
        value={prompt}
        onChange={(event) => {
          recalled.current = -1;
          changeForm({ prompt: event.target.value });
          completion.look();
        }}
        onBlur={completion.close}
        {...completion.aria}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing || completion.takeKey(event)) return;
          if (event.key === 'Enter' && event.altKey) {
            event.preventDefault();
            showPlan(true);
          } else if (event.key === 'Enter' && !event.shiftKey && !event.ctrlKey && !event.metaKey) {
            event.preventDefault();
            void workspace.generator.start();
          } else if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
            event.preventDefault();
            recall(event.key === 'ArrowUp' ? 1 : -1);
          } else if (event.key === 'Escape') {
            document.querySelector<HTMLElement>('[data-testid="canvas"]')?.focus();
          }
        }}
      />
      <TokenMeter tokens={tokens} />
      {completion.list}
    </div>
  );
}
