// Opens an age file with somebody else's age: node open.mjs FILE.age OUT, the identity on
// standard input. Prints the recipient that the identity stands for.
import { readFile, writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { Decrypter, identityToRecipient } from "age-encryption";

const [file, out] = process.argv.slice(2);
const identity = (await text(process.stdin)).trim();
const age = new Decrypter();
age.addIdentity(identity);
await writeFile(out, await age.decrypt(await readFile(file)), { flag: "wx" });
console.log(await identityToRecipient(identity));
