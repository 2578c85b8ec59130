import { ChevronDown } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button, ComboBox, Input, Label, ListBox, ListBoxItem, Popover } from 'react-aria-components';
import { allFonts, fontAccess, isFontThere, usualFonts } from '../../tools/text/fonts.ts';
import { STAND_IN } from '../../tools/text/text-layout.ts';

interface FontFieldProps {
  readonly value: string;
  readonly onChange: (family: string) => void;
}

/** A font's family: one of the system's, or one that is typed; says when it is not there and what stands in. */
export function FontField({ value, onChange }: FontFieldProps) {
  const [families, setFamilies] = useState(usualFonts);
  const [access, setAccess] = useState<'granted' | 'prompt' | 'denied'>('denied');
  const [typing, setTyping] = useState<string | null>(null);
  const typed = typing ?? value;
  const list = (): void => {
    void allFonts().then((found) => {
      setFamilies(found);
      setAccess('granted');
    });
  };
  useEffect(() => {
    void fontAccess().then((state) => {
      setAccess(state);
      if (state === 'granted') list();
    });
  }, []);
  const matching = families.filter(
    (family) => typing === null || family.toLowerCase().includes(typed.trim().toLowerCase()),
  );
  const choose = (family: string): void => {
    const name = family.trim().slice(0, 200);
    if (name !== '' && name !== value) onChange(name);
    setTyping(null);
  };
  return (
    <>
      <ComboBox
        className="field text-font"
        inputValue={typed}
        onInputChange={setTyping}
        selectedKey={families.includes(value) ? value : null}
        onSelectionChange={(key) => {
          if (key !== null) choose(String(key));
        }}
        items={matching.map((family) => ({ id: family }))}
        allowsCustomValue
        menuTrigger="focus"
        onBlur={() => choose(typed)}
      >
        <Label className="field-label">Font</Label>
        <div className="combo">
          <Input className="input" spellCheck={false} />
          <Button className="button quiet icon-button" aria-label="Show fonts">
            <ChevronDown size={16} strokeWidth={1.75} aria-hidden />
          </Button>
        </div>
        <Popover className="popover" offset={4}>
          <ListBox<{ id: string }> className="menu font-list">
            {({ id }) => (
              <ListBoxItem className="menu-item" id={id} textValue={id} style={{ fontFamily: `"${id}"` }}>
                {id}
              </ListBoxItem>
            )}
          </ListBox>
        </Popover>
      </ComboBox>
      {!isFontThere(value) && (
        <output className="caption text-missing">
          “{value}” is not on this machine; {STAND_IN} stands in.
        </output>
      )}
      {access === 'prompt' && (
        <Button className="button quiet caption" onPress={list}>
          List all fonts of this machine
        </Button>
      )}
    </>
  );
}
