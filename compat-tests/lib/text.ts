/** Real text for the console tools: Debian's word list where it is installed, else lines made of the same letters. */
import { existsSync, readFileSync } from "node:fs";

const wordList = "/usr/share/dict/words";

/** That many lines, each ended by a newline. */
export function words(lines: number): string {
  const source = existsSync(wordList) ? readFileSync(wordList, "utf8").split("\n") : made(lines);
  const text: string[] = [];
  for (let i = 0; text.length < lines; i++) {
    const word = source[i % source.length] as string;
    if (word !== "") text.push(`${word}\n`);
  }
  return text.join("");
}

function made(lines: number): string[] {
  const syllables = ["kaf", "ka", "od", "ra", "dek", "spu", "le", "fa", "den", "grün", "ß", "é", "日本"];
  const made: string[] = [];
  for (let i = 1; i <= lines; i++) {
    let word = "";
    for (let rest = i * 2654435761; word.length < 6 + (i % 17); rest = Math.floor(rest / 13) + i) {
      word += syllables[rest % syllables.length];
    }
    made.push(word);
  }
  return made;
}
