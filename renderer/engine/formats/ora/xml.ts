import { FormatError } from '../picture-file.ts';

/** An element of an XML document; text between elements is not kept. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
}

const MAX_NESTING = 128;
const MAX_ELEMENTS = 20_000;
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * Parses the small part of XML 1.0 that stack.xml needs: elements, attributes, comments, the five named entities and
 * numbered characters. Document types are refused: they can define entities without end.
 * @throws FormatError
 */
export function parseXml(text: string): XmlElement {
  const root: XmlElement = { name: '', attributes: {}, children: [] };
  const open: XmlElement[] = [root];
  let count = 0;
  // No part of a tag may hold another's beginning, so that a file of nothing but beginnings is read in linear time.
  const token =
    /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[[\s\S]*?\]\]>|<(\/?)([^\s/<>!?]+)((?:[^"'<>]|"[^"<]*"|'[^'<]*')*?)(\/?)>|<[!?]/g;
  for (const [whole, closing, name = '', body = '', selfClosing] of text.matchAll(token)) {
    if (whole === '<!' || whole === '<?')
      throw new FormatError('Its XML has a document type, or a part that does not end.');
    if (name === '') continue;
    if (closing) {
      if (open.length < 2 || open.pop()?.name !== name)
        throw new FormatError(`Its XML closes <${name}> where it is not open.`);
      continue;
    }
    count += 1;
    if (count > MAX_ELEMENTS || open.length > MAX_NESTING) throw new FormatError('Its XML is too large.');
    const element: XmlElement = { name, attributes: attributesOf(body), children: [] };
    (open.at(-1) as XmlElement).children.push(element);
    if (!selfClosing) open.push(element);
  }
  const [first] = root.children;
  if (open.length !== 1 || !first) throw new FormatError('Its XML is cut short.');
  return first;
}

function attributesOf(body: string): Record<string, string> {
  const attributes: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [, name = '', double, single] of body.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    attributes[name] = decodeEntities(double ?? single ?? '');
  }
  return attributes;
}

function decodeEntities(text: string): string {
  return text.replace(/&(#x[\da-f]{1,6}|#\d{1,7}|[a-z]+);/gi, (whole, entity: string) => {
    if (!entity.startsWith('#')) return ENTITIES[entity] ?? whole;
    const code = entity[1] === 'x' ? Number.parseInt(entity.slice(2), 16) : Number(entity.slice(1));
    return code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
  });
}

/** Writes an element and what is in it. Characters that XML cannot hold are left out. */
export function printXml(element: XmlElement, indent = ''): string {
  const attributes = Object.entries(element.attributes)
    .map(([name, value]) => ` ${name}="${escape(value)}"`)
    .join('');
  if (element.children.length === 0) return `${indent}<${element.name}${attributes}/>\n`;
  const inner = element.children.map((child) => printXml(child, `${indent} `)).join('');
  return `${indent}<${element.name}${attributes}>\n${inner}${indent}</${element.name}>\n`;
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escape(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/[&<>"]/g, (character) => ESCAPES[character] as string)
    .replace(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
