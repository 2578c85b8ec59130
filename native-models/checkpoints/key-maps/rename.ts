/** One spelling of a module's name and what diffusers calls it. The first rule that matches is applied. */
export type RenameRule = readonly [pattern: RegExp, replacement: string];

/** The name after the first rule that matches it; unchanged where none does. */
export function rename(name: string, rules: readonly RenameRule[]): string {
  for (const [pattern, replacement] of rules) {
    if (pattern.test(name)) return name.replace(pattern, replacement);
  }
  return name;
}
