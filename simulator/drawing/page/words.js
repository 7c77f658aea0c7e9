/* Fixed words in the page's language: the same as errsurf/words/__init__.py. */

const NUMBER = "([<>\u00b1+\u2212-]?\\d[^\\s,;:)]*(?:,\\d[^\\s,;:)]*)*|[A-Z]|\u2013)";
const BLANK = /\{\w*\}/g;
const letters = (text) => text.replace(BLANK, "").length;
const patterns = Object.keys(run.words).filter((text) => text.includes("{"))
  .sort((a, b) => letters(b) - letters(a)).map((text) => {
    const kinds = text.match(BLANK).map((blank) => blank.slice(1, -1));
    const fixed = text.split(BLANK).map((part) => part.replace(/[.*+?^${}()|[\]\\\/]/g, "\\$&"));
    const match = fixed.reduce((all, part, k) => `${all}${kinds[k - 1] === "number" ? NUMBER : "(.+?)"}${part}`);
    return { match: new RegExp(`^${match}$`), kinds, translated: run.words[text] };
  });

function said(text) {
  return saidInside(text, 20);
}

function saidInside(text, inside) {
  if (Object.hasOwn(run.words, text)) return run.words[text];
  if (!inside) return text;
  const within = (part) => saidInside(part, inside - 1);
  for (const { match, kinds, translated } of patterns) {
    const found = match.exec(text);
    const parts = found && found.slice(1).map(within);
    if (!found || kinds.some((kind, k) => kind === "known" && parts[k] === found[k + 1])) continue;
    let next = 0;
    return translated.replace(/\{(\d*)\}/g, (_, place) => parts[place === "" ? next++ : Number(place)]);
  }
  const list = text.split(", ");
  const told = list.length > 1 ? list.map(within) : list;
  return told.every((part, k) => part !== list[k]) ? told.join(", ") : text;
}
