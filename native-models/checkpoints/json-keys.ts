const quote = '"'.charCodeAt(0);
const opening = new Set(['{', '['].map((c) => c.charCodeAt(0)));
const closing = new Set(['}', ']'].map((c) => c.charCodeAt(0)));

/**
 * The first key that a JSON object names twice at its top level, which `JSON.parse` would hide;
 * undefined where there is none. `text` must be valid JSON; a hundred megabytes take no stack.
 */
export function firstDuplicateKey(text: string): string | undefined {
  const seen = new Set<string>();
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === quote) {
      const end = stringEnd(text, i);
      if (depth === 1 && isFollowedByColon(text, end + 1)) {
        const key: unknown = JSON.parse(text.slice(i, end + 1));
        if (typeof key === 'string' && seen.has(key)) return key;
        if (typeof key === 'string') seen.add(key);
      }
      i = end;
    } else if (opening.has(code)) depth++;
    else if (closing.has(code)) depth--;
  }
  return undefined;
}

/** Where the string that begins at `start` ends: the next quote with an even number of backslashes before it. */
function stringEnd(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text[end - 1 - slashes] === '\\') slashes++;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}

function isFollowedByColon(text: string, from: number): boolean {
  let i = from;
  while (' \t\r\n'.includes(text[i] ?? ':')) i++;
  return text[i] === ':';
}
