import { type KeyboardEvent, type ReactNode, type RefObject, useState } from 'react';
import { ListBox, ListBoxItem } from 'react-aria-components';
import type { AdapterCard } from '../../../../preload/contract/index.ts';
import { changeForm, useGeneration } from '../../../generation/generation-store.ts';
import { begunTag, loraTag } from '../../../generation/lora-tags.ts';
import { useLibrary } from '../../../state/library-store.ts';

const LIST = 'lora-completion';
const MOST_SHOWN = 8;

interface Completion {
  /** Looks again at what stands before the caret. */
  readonly look: () => void;
  readonly close: () => void;
  /** True when the key was for the list. */
  readonly takeKey: (event: KeyboardEvent) => boolean;
  readonly list: ReactNode;
  /** For the field, while the list is open. */
  readonly aria: {
    readonly 'aria-autocomplete': 'list';
    readonly 'aria-controls'?: string;
    readonly 'aria-activedescendant'?: string;
  };
}

/** Adapters whose file can be named in a tag and has the typed letters in it. */
function matches(adapters: readonly AdapterCard[], typed: string): AdapterCard[] {
  const wanted = typed.trim().toLowerCase();
  return adapters
    .filter(({ stem }) => !/[<>:]/.test(stem))
    .filter(({ stem, name }) => `${stem} ${name}`.toLowerCase().includes(wanted))
    .slice(0, MOST_SHOWN);
}

/** Completes `<lora:…>` after a `<`: arrows choose, Enter or Tab takes, Esc leaves the text as it is. */
export function useLoraCompletion(field: RefObject<HTMLTextAreaElement | null>): Completion {
  const adapters = useLibrary((state) => state.adapters);
  const [begun, setBegun] = useState<{ start: number; typed: string } | null>(null);
  const [active, setActive] = useState(0);
  const shown = begun ? matches(adapters, begun.typed) : [];
  const at = Math.min(active, shown.length - 1);

  const look = (): void => {
    const area = field.current;
    const collapsed = area && area.selectionStart === area.selectionEnd;
    setBegun(collapsed ? begunTag(area.value, area.selectionStart) : null);
    setActive(0);
  };
  const take = (card: AdapterCard | undefined): void => {
    const area = field.current;
    if (!area || !begun || !card) return;
    const { prompt } = useGeneration.getState().form;
    const tag = loraTag(card.stem, 1);
    const caret = area.selectionStart;
    changeForm({ prompt: prompt.slice(0, begun.start) + tag + prompt.slice(caret) });
    setBegun(null);
    // The field has the new text after this frame.
    requestAnimationFrame(() => {
      area.focus();
      area.setSelectionRange(begun.start + tag.length, begun.start + tag.length);
    });
  };
  const takeKey = (event: KeyboardEvent): boolean => {
    if (shown.length === 0 || event.altKey || event.ctrlKey || event.metaKey) return false;
    if (event.key === 'ArrowDown') setActive((at + 1) % shown.length);
    else if (event.key === 'ArrowUp') setActive((at + shown.length - 1) % shown.length);
    else if (event.key === 'Enter' || event.key === 'Tab') take(shown[at]);
    else if (event.key === 'Escape') setBegun(null);
    else return false;
    event.preventDefault();
    return true;
  };
  const open = shown.length > 0;
  const list = open && (
    <ListBox
      className="lora-completion popover"
      id={LIST}
      aria-label="Adapters"
      selectionMode="single"
      selectedKeys={[String(at)]}
    >
      {shown.map((card, index) => (
        <ListBoxItem
          className="menu-item"
          id={String(index)}
          // An item of a collection keeps its id for life, so places and not files are the items.
          key={String(index)}
          textValue={card.stem}
          // A full press would come after the field has lost the focus and the list is gone.
          onPointerDown={() => take(card)}
        >
          <span className="grow ellipsis">{card.stem}</span>
          {card.likely === 'other-family' && (
            <span className="dim">for {card.family ?? 'another model'}</span>
          )}
        </ListBoxItem>
      ))}
    </ListBox>
  );
  return {
    look,
    close: () => setBegun(null),
    takeKey,
    list,
    aria: {
      'aria-autocomplete': 'list',
      ...(open ? { 'aria-controls': LIST, 'aria-activedescendant': `${LIST}-option-${at}` } : {}),
    },
  };
}
