import { expect, test } from "bun:test";
import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import { scramKeys } from "./scram-keys.ts";

/** RFC 7677, section 3: user "user", password "pencil". The proof must lead back to the stored key. */
test("the example of RFC 7677", () => {
  const salt = Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64");
  const nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
  const auth = `n=user,r=rOprNGfwEbeRWgbNEkqO,r=${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=${nonce}`;
  const { storedKey, serverKey } = scramKeys(1, pbkdf2Sync("pencil", salt, 4096, 32, "sha256"));
  const signature = createHmac("sha256", serverKey).update(auth).digest("base64");
  expect(signature).toBe("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
  const proof = Buffer.from("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "base64");
  const clientSignature = createHmac("sha256", storedKey).update(auth).digest();
  const clientKey = proof.map((byte, at) => byte ^ (clientSignature[at] as number));
  expect(Buffer.from(storedKey)).toEqual(createHash("sha256").update(clientKey).digest());
});

test("SHA-512 makes keys of 64 bytes", () => {
  const { storedKey, serverKey } = scramKeys(2, new Uint8Array(64).fill(1));
  expect([storedKey.length, serverKey.length]).toEqual([64, 64]);
});
