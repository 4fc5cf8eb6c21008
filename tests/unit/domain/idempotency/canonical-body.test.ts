import { describe, expect, it } from "vitest";
import { differingPointers, fingerprintBody } from "~/domain/idempotency/canonical-body.server";
import { parseJson } from "~/lib/json-number";

const of = (text: string) => fingerprintBody(parseJson(text));

describe("fingerprintBody", () => {
  it("is the same for other spacing, member order and spellings of a number", () => {
    const first = of('{"a":{"total":140.76,"n":1},"b":[1,2]}');
    expect(of('{ "b": [1, 2.0], "a": {"n": 1e0, "total": 140.760} }')).toEqual(first);
    expect(of('{"a":{"total":1.4076e2,"n":1},"b":[1,2]}').hash).toBe(first.hash);
  });

  it("tells apart what differs: order in an array, type, presence", () => {
    const hashes = [
      '{"a":[1,2]}',
      '{"a":[2,1]}',
      '{"a":["1",2]}',
      '{"a":[1,2,null]}',
      '{"a":{"0":1,"1":2}}',
      "{}",
      '{"a":true}',
      '{"a":"true"}',
    ].map((text) => of(text).hash);
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it("names the pointers that differ, escaped, and holds no value", () => {
    const stored = of('{"email":"jane@example.com","a/b":{"c~d":1},"list":[1]}');
    const offered = of('{"email":"john@example.com","a/b":{"c~d":2},"list":[1,2]}');
    expect(differingPointers(stored.pointers, offered.pointers)).toEqual([
      "/a~1b/c~0d",
      "/email",
      "/list",
      "/list/1",
    ]);
    expect(JSON.stringify(stored)).not.toContain("jane");
  });
});
