import { Plus } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import {
  Autocomplete,
  Button,
  Dialog,
  DialogTrigger,
  Header,
  Input,
  ListBox,
  ListBoxItem,
  ListBoxSection,
  Popover,
  SearchField,
  useFilter,
} from 'react-aria-components';
import type { AdapterCard } from '../../../../preload/contract/index.ts';
import { addAdapterFile, putOnShelf } from '../../../commands/library-actions.ts';
import { openLibrary } from '../../../generation/library-watch.ts';
import { useLibrary } from '../../../state/library-store.ts';
import { useRoom } from '../../workspace-context.tsx';

/** A typed text that means a file rather than a name. */
const FILE_PATH = /^(~|[A-Za-z]:)?[\\/].+\.(safetensors|ckpt|pt|pth|bin)$/i;

const GROUPS = [
  { id: 'fits', title: 'For this model' },
  { id: 'unknown', title: 'Cannot be told before it is tried' },
  { id: 'other-family', title: 'For other models' },
] as const;

function AdapterItem({ card }: { card: AdapterCard }) {
  return (
    <ListBoxItem
      className="menu-item"
      id={card.path}
      textValue={`${card.name} ${card.stem} ${card.triggerWords.join(' ')}`}
    >
      <span className="grow ellipsis">{card.name}</span>
      {card.family !== null && <span className="badge">{card.family}</span>}
    </ListBoxItem>
  );
}

function PickerBody({ onDone }: { onDone: () => void }) {
  const { workspace } = useRoom();
  const { link } = workspace;
  const adapters = useLibrary((state) => state.adapters);
  const { contains } = useFilter({ sensitivity: 'base' });
  const [text, setText] = useState('');
  const [refusal, setRefusal] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  // Once: a list that closes must not take the focus back.
  useEffect(() => field.current?.focus(), []);
  const addFile = async (path: string | null): Promise<void> => {
    if (path === null) return;
    const why = await addAdapterFile(link, path);
    if (why === null) onDone();
    else setRefusal(why);
  };
  const { dialogs } = link;
  return (
    <>
      <Autocomplete filter={contains} inputValue={text} onInputChange={setText}>
        <SearchField aria-label="Find an adapter">
          <Input className="input" placeholder="Name, trigger word, or path of a file" ref={field} />
        </SearchField>
        <ListBox
          className="menu adapter-list scroll"
          aria-label="Adapters of the library"
          onAction={(path) => {
            const card = adapters.find((each) => each.path === path);
            if (card) putOnShelf(card);
            onDone();
          }}
          renderEmptyState={() => (
            <p className="empty">
              {adapters.length === 0
                ? 'No adapters yet. Add a folder to the library.'
                : `Nothing with “${text}”.`}
            </p>
          )}
        >
          {GROUPS.map(({ id, title }) => {
            const cards = adapters.filter(({ likely }) => likely === id);
            return (
              cards.length > 0 && (
                <ListBoxSection key={id} id={id}>
                  <Header className="menu-header">{title}</Header>
                  {cards.map((card) => (
                    <AdapterItem card={card} key={card.path} />
                  ))}
                </ListBoxSection>
              )
            );
          })}
        </ListBox>
      </Autocomplete>
      {refusal !== null && (
        <output className="adapter-note">
          <span>
            <span className="sign">✕</span> {refusal}
          </span>
        </output>
      )}
      <div className="adapter-acts">
        {FILE_PATH.test(text.trim()) && (
          <Button className="button primary" onPress={() => void addFile(text.trim())}>
            Add this file
          </Button>
        )}
        {dialogs && (
          <Button className="button" onPress={() => void dialogs.openModel().then(addFile)}>
            Choose a file…
          </Button>
        )}
        <Button
          className="button"
          onPress={() => {
            onDone();
            openLibrary(link, 'adapter');
          }}
        >
          Library…
        </Button>
      </div>
    </>
  );
}

/** Adds an adapter of the library to the shelf: those that fit the model first. */
export function AdapterPicker() {
  return (
    <DialogTrigger>
      <Button className="button quiet" aria-label="Add an adapter">
        <Plus size={16} strokeWidth={1.75} aria-hidden /> Add
      </Button>
      <Popover className="popover adapter-picker" placement="bottom end" offset={4}>
        <Dialog className="body" aria-label="Add an adapter">
          {({ close }) => <PickerBody onDone={close} />}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
