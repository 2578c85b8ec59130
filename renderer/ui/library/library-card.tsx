import { Button } from 'react-aria-components';
import type { LibraryCard as Card } from '../../../preload/contract/index.ts';
import { addTriggerWord, paintWith, putOnShelf } from '../../commands/library-actions.ts';
import { currentModel, useGeneration } from '../../generation/generation-store.ts';
import { takeOffShelf, useShelf } from '../../generation/shelf-store.ts';
import { useLibrary } from '../../state/library-store.ts';
import { CardPreview } from './card-preview.tsx';

const KINDS = {
  checkpoint: 'Model',
  adapter: 'Adapter',
  embedding: 'Embedding',
  controlnet: 'ControlNet',
  vae: 'Autoencoder',
} as const;

/** Words on a card's face; the rest is one step away. */
const MOST_WORDS = 4;

function sizeText(bytes: number): string {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} KB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

/** One line with a sign: what may be done with the file. */
function CardState({ card }: { card: Card }) {
  const model = useGeneration(currentModel);
  const likely = useLibrary(({ adapters }) => adapters.find(({ path }) => path === card.path)?.likely);
  if (card.problem !== null) {
    return (
      <p className="card-state bad scroll" title={card.problem}>
        <span className="sign">✕</span> {card.problem}
      </p>
    );
  }
  if (card.kind === 'adapter' && model) {
    if (likely === 'fits') return <p className="card-state good">✓ For {model.name}</p>;
    if (likely === 'other-family') {
      return <p className="card-state warn">✕ Not for {model.name}</p>;
    }
    return <p className="card-state dim">? With {model.name}: untried</p>;
  }
  if (card.kind === 'checkpoint' && card.modelId === model?.id) {
    return <p className="card-state good">✓ Painting with it</p>;
  }
  return <p className="card-state dim ellipsis">{card.details[0] ?? ''}</p>;
}

function CardAct({ card }: { card: Card }) {
  const onShelf = useShelf(({ adapters }) => adapters.some(({ path }) => path === card.path));
  const inUse = useGeneration(({ form }) => form.modelId === card.modelId);
  if (card.kind === 'adapter') {
    return (
      <Button
        className="button"
        aria-label={onShelf ? `Take ${card.name} off the shelf` : `Put ${card.name} on the shelf`}
        onPress={() => (onShelf ? takeOffShelf(card.path) : putOnShelf(card))}
      >
        {onShelf ? 'Take off' : 'Put on shelf'}
      </Button>
    );
  }
  const { modelId } = card;
  if (card.kind === 'checkpoint' && modelId !== null && !inUse) {
    return (
      <Button
        className="button"
        aria-label={`Paint with ${card.name}`}
        onPress={() => {
          paintWith(modelId);
          useLibrary.setState({ open: false });
        }}
      >
        Paint with it
      </Button>
    );
  }
  return null;
}

/** A file of the library, 200 × 240: what it is, whether it can be used, and the acts that it offers. */
export function LibraryCard({ card }: { card: Card }) {
  const words = card.triggerWords.slice(0, MOST_WORDS);
  return (
    <li
      className="library-card"
      aria-label={card.name}
      data-kind={card.kind ?? 'problem'}
      title={[card.path, ...card.details].join('\n')}
    >
      <CardPreview card={card} />
      <div className="card-line">
        <strong className="grow ellipsis">{card.name}</strong>
        {card.family !== null && <span className="badge">{card.family}</span>}
      </div>
      <p className="dim caption">
        {card.kind === null ? 'Cannot be used' : KINDS[card.kind]} · {sizeText(card.bytes)}
      </p>
      <CardState card={card} />
      {words.length > 0 && (
        <div className="chips">
          {words.map((word) => (
            <Button
              className="chip"
              key={word}
              aria-label={`Add “${word}” to the prompt`}
              onPress={() => addTriggerWord(word)}
            >
              <span className="ellipsis">{word}</span>
            </Button>
          ))}
        </div>
      )}
      <div className="card-acts">
        <CardAct card={card} />
      </div>
    </li>
  );
}
