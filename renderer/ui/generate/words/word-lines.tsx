import { Focus, X } from 'lucide-react';
import { useState } from 'react';
import { setWords } from '../../../commands/conditioning-edits.ts';
import { type WordGroup, wordGroups } from '../../../generation/canvas-facts.ts';
import { useGeneration } from '../../../generation/generation-store.ts';
import { groupArea } from '../../../generation/picture-content.ts';
import { secondsText } from '../../../generation/verb.ts';
import { useShelf } from '../../../generation/shelf-store.ts';
import { useDocument } from '../../../state/document/document-store.ts';
import { IconButton } from '../../controls/icon-button.tsx';
import { useOpenDocument, useRoom } from '../../workspace-context.tsx';

/** What the words of a group add to a picture's time: more text to encode and to attend to (measured: 4%). */
const GROUP_SHARE = 0.04;
/** More lines than these make pictures slow and muddled. */
const MANY = 5;

/** Whether a group has paint; looked at again whenever the document changes. */
function useHasPaint(id: string): boolean {
  const open = useOpenDocument();
  useDocument((state) => state.revision);
  return open !== null && groupArea(open.session.document, id) !== null;
}

/** The adapters that act in a group only. */
function BoundNames({ group }: { group: WordGroup }) {
  const shelf = useShelf((state) => state.adapters);
  const names = shelf.flatMap(({ path, name, on }) =>
    on && group.words.adapters?.includes(path) ? [name] : [],
  );
  if (names.length === 0) return null;
  const text = names.join(', ');
  return (
    <span className="caption dim ellipsis" title={`Only in ${group.name}: ${text}`}>
      with {text}
    </span>
  );
}

function WordLine({ group, cost }: { group: WordGroup; cost: number | null }) {
  const { workspace } = useRoom();
  const open = useOpenDocument();
  const [text, setText] = useState(group.words.prompt);
  const [stored, setStored] = useState(group.words.prompt);
  const painted = useHasPaint(group.id);
  // Undo and other windows change the words too.
  if (stored !== group.words.prompt) {
    setStored(group.words.prompt);
    setText(group.words.prompt);
  }
  if (!open) return null;
  const keep = (): void => {
    if (text !== group.words.prompt) setWords(open.session, group, { ...group.words, prompt: text });
  };
  return (
    <li className="word-line">
      <span className="word-name ellipsis" title={group.name}>
        {group.name}
      </span>
      <input
        className="input grow"
        aria-label={`Words for ${group.name}`}
        placeholder={painted ? `What ${group.name} is` : `Paint where ${group.name} goes, and say what it is`}
        value={text}
        maxLength={20_000}
        onChange={(event) => setText(event.target.value)}
        onBlur={keep}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing || event.key !== 'Enter') return;
          event.preventDefault();
          keep();
          void workspace.generator.start();
        }}
      />
      <BoundNames group={group} />
      {!painted && <span className="caption word-hint">◌ no paint yet</span>}
      {painted && cost !== null && <span className="caption dim">+{secondsText(cost)}</span>}
      <IconButton
        icon={Focus}
        size={16}
        label={group.words.only ? `Paint everything, not only ${group.name}` : `Paint only ${group.name}`}
        isSelected={group.words.only}
        onPress={() =>
          setWords(open.session, group, { ...group.words, prompt: text, only: !group.words.only })
        }
      />
      <IconButton
        icon={X}
        size={16}
        label={`Take the words off ${group.name}`}
        onPress={() => setWords(open.session, group, null)}
      />
    </li>
  );
}

/** A line for each group of layers that has words of its own. */
export function WordLines() {
  const layers = useDocument((state) => state.layers);
  const groups = wordGroups(layers);
  const cost = useGeneration((state) => state.price && state.price.seconds * GROUP_SHARE);
  if (groups.length === 0) return null;
  return (
    <ul className="word-lines" aria-label="Words of groups">
      {groups.map((group) => (
        <WordLine group={group} cost={cost} key={group.id} />
      ))}
      {groups.length > MANY && (
        <li className="caption word-hint">
          ◐ {groups.length} groups have words: more than {MANY} tend to mix.
        </li>
      )}
    </ul>
  );
}
