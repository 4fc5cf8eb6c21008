import { describe, expect, it } from "vitest";
import { sharedReads } from "~/lib/shared-reads";

/** A read whose answers are given by hand. */
function reader() {
  const reads: { key: string; answer: (value: number) => void; fail: (error: Error) => void }[] = [];
  const read = sharedReads<string, number>(
    (key) => new Promise((answer, fail) => reads.push({ key, answer, fail })),
  );
  return { reads, read };
}

describe("shared reads", () => {
  it("give everybody an answer that was read after the question", async () => {
    const { reads, read } = reader();
    const first = read("a");
    const second = read("a");
    const third = read("a");
    expect(reads).toHaveLength(1);
    reads[0]?.answer(1);
    expect(await first).toBe(1);
    expect(reads).toHaveLength(2);
    const fourth = read("a");
    reads[1]?.answer(2);
    expect(await Promise.all([second, third])).toEqual([2, 2]);
    reads[2]?.answer(3);
    expect(await fourth).toBe(3);
    expect(reads).toHaveLength(3);
  });

  it("read each key by itself, and again when nobody waits", async () => {
    const { reads, read } = reader();
    const answers = [read("a"), read("b")];
    expect(reads.map(({ key }) => key)).toEqual(["a", "b"]);
    reads[0]?.answer(1);
    reads[1]?.answer(2);
    expect(await Promise.all(answers)).toEqual([1, 2]);
    const again = read("a");
    reads[2]?.answer(4);
    expect(await again).toBe(4);
  });

  it("fail only for those who share the read that failed", async () => {
    const { reads, read } = reader();
    const first = read("a");
    const second = read("a");
    reads[0]?.fail(new Error("gone"));
    await expect(first).rejects.toThrow("gone");
    reads[1]?.answer(2);
    expect(await second).toBe(2);
  });
});
