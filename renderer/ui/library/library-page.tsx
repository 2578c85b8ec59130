import { X } from 'lucide-react';
import {
  Dialog,
  Heading,
  Input,
  Modal,
  ModalOverlay,
  SearchField,
  ToggleButton,
  ToggleButtonGroup,
} from 'react-aria-components';
import type { LibraryCard as Card } from '../../../preload/contract/index.ts';
import { type CardFilter, useLibrary } from '../../state/library-store.ts';
import { IconButton } from '../controls/icon-button.tsx';
import { FolderList } from './folder-list.tsx';
import { LibraryCard } from './library-card.tsx';

const FILTERS: ReadonlyArray<readonly [CardFilter, string]> = [
  ['all', 'All'],
  ['checkpoint', 'Models'],
  ['adapter', 'Adapters'],
  ['other', 'Other parts'],
  ['problem', 'Cannot be used'],
];

function groupOf({ kind }: Card): Exclude<CardFilter, 'all'> {
  if (kind === null) return 'problem';
  return kind === 'checkpoint' || kind === 'adapter' ? kind : 'other';
}

function matches(card: Card, search: string): boolean {
  const text = [card.name, card.stem, card.family ?? '', ...card.triggerWords].join(' ').toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function Cards() {
  const files = useLibrary((state) => state.files);
  const filter = useLibrary((state) => state.filter);
  const search = useLibrary((state) => state.search);
  const scanning = useLibrary((state) => state.scanning);
  if (files === null) return <p className="empty">Looking…</p>;
  if (files.length === 0) {
    return (
      <p className="empty">
        {scanning
          ? 'Looking through the folders; cards appear as they are found.'
          : 'One model came with Impasto. Add a folder, and your own appear here.'}
      </p>
    );
  }
  const shown = files.filter(
    (card) => (filter === 'all' || groupOf(card) === filter) && matches(card, search.trim()),
  );
  if (shown.length === 0) {
    return (
      <p className="empty">
        {search.trim() === '' ? 'Nothing of this kind.' : `Nothing with “${search.trim()}”.`}
      </p>
    );
  }
  return (
    <ul className="card-grid" aria-label="Models and adapters">
      {shown.map((card) => (
        <LibraryCard card={card} key={card.path} />
      ))}
    </ul>
  );
}

function Toolbar() {
  const files = useLibrary((state) => state.files) ?? [];
  const filter = useLibrary((state) => state.filter);
  const search = useLibrary((state) => state.search);
  const count = (id: CardFilter): number =>
    id === 'all' ? files.length : files.filter((card) => groupOf(card) === id).length;
  return (
    <div className="library-toolbar">
      <SearchField
        aria-label="Find a model or adapter"
        className="grow"
        value={search}
        onChange={(next) => useLibrary.setState({ search: next })}
      >
        <Input className="input" placeholder="Name, family or trigger word" />
      </SearchField>
      <ToggleButtonGroup
        className="segmented"
        aria-label="Kind"
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[filter]}
        onSelectionChange={(keys) => {
          const [key] = [...keys];
          if (key !== undefined) useLibrary.setState({ filter: key as CardFilter });
        }}
      >
        {FILTERS.map(([id, title]) => (
          <ToggleButton id={id} key={id}>
            {title} <span className="dim">{count(id)}</span>
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
    </div>
  );
}

/** The user's own models and adapters, and the folders that they lie in. */
export function LibraryPage() {
  const isOpen = useLibrary((state) => state.open);
  const setOpen = (open: boolean): void => useLibrary.setState({ open });
  return (
    <ModalOverlay className="overlay library-overlay" isOpen={isOpen} isDismissable onOpenChange={setOpen}>
      <Modal className="dialog library-dialog">
        <Dialog className="library" data-testid="library">
          <header className="library-header">
            <Heading slot="title" level={2} className="grow">
              Library
            </Heading>
            <IconButton icon={X} label="Close the library" onPress={() => setOpen(false)} />
          </header>
          <FolderList />
          <div className="library-main">
            <Toolbar />
            <div className="library-cards scroll">
              <Cards />
            </div>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
