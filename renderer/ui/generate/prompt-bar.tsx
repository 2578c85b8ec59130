import { Button } from 'react-aria-components';
import { frameText } from '../../generation/frame.ts';
import { changeForm, currentModel, useGeneration } from '../../generation/generation-store.ts';
import { promptOverflow, withBreak } from '../../generation/prompt-parts.ts';
import { useDocument } from '../../state/document/document-store.ts';
import { useRoom } from '../workspace-context.tsx';
import { PriceButton } from './price-button.tsx';
import { PromptField } from './prompt-field.tsx';
import { useVerb } from './use-verb.ts';
import { WordLines } from './words/word-lines.tsx';

/** Under the prompt: what is wrong with it, else words to start from. */
function PromptNotes() {
  const { workspace } = useRoom();
  const model = useGeneration(currentModel);
  const tokens = useGeneration((state) => state.tokens);
  const prompt = useGeneration((state) => state.form.prompt);
  const verb = useVerb();
  useGeneration((state) => state.selection);
  const size = useGeneration((state) => state.form);
  useDocument((state) => `${state.width} ${state.height}`);
  const frame = workspace.generator.frame();
  const unknown = tokens?.unknown ?? [];
  const over = tokens && promptOverflow(prompt, tokens);
  return (
    <div className="prompt-notes">
      <div className="prompt-hints">
        {over && tokens && (
          <>
            <Button className="chip" onPress={() => changeForm({ prompt: withBreak(prompt, over) })}>
              Add BREAK
            </Button>
            <span className="unknown-word" title="All of it counts. Say where the text parts, or shorten it.">
              {over.words === 1 ? 'The last word is' : `The last ${over.words} words are`} read apart:{' '}
              {tokens.tokens} tokens, {tokens.limit} at once.
            </span>
          </>
        )}
        {!over &&
          unknown.slice(0, 3).map(({ word, start, nearest }) => (
            <span key={start}>
              <span className="unknown-word">{word}?</span>{' '}
              {nearest.slice(0, 2).map((known) => (
                <Button
                  className="chip"
                  key={known}
                  aria-label={`Replace ${word} with ${known}`}
                  onPress={() =>
                    changeForm({ prompt: prompt.slice(0, start) + known + prompt.slice(start + word.length) })
                  }
                >
                  {known}
                </Button>
              ))}
            </span>
          ))}
        {unknown.length === 0 &&
          !over &&
          prompt.trim() === '' &&
          model?.examples.slice(0, 6).map((example) => (
            <Button className="chip" key={example} onPress={() => changeForm({ prompt: example })}>
              {example}
            </Button>
          ))}
      </div>
      {verb.hint !== null && !over && <span className="ellipsis">{verb.hint}</span>}
      {frame && <span>Frame {frameText(frame, size)}</span>}
    </div>
  );
}

/** The bar under the canvas: what to make, and the button that makes it. */
export function PromptBar({ notes }: { notes: boolean }) {
  return (
    <section className="prompt-bar" aria-label="Prompt" data-region="prompt">
      <PromptField />
      <PriceButton />
      <WordLines />
      {notes && <PromptNotes />}
    </section>
  );
}
