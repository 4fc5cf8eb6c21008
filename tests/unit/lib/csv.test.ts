import { describe, expect, it } from "vitest";
import { csvLine } from "~/lib/csv";

describe("csvLine", () => {
  it("quotes what needs it, and ends lines as RFC 4180 says", () => {
    expect(csvLine(["a", 1.5, null, 'say "hi"', "x,y", "two\nlines"])).toBe(
      'a,1.5,,"say ""hi""","x,y","two\nlines"\r\n',
    );
  });

  it("lets no spreadsheet run a text, and leaves numbers alone", () => {
    expect(csvLine(["=1+1", "+1", "-1", "@x", -1])).toBe("'=1+1,'+1,'-1,'@x,-1\r\n");
    // As a spreadsheet may read it all the same: behind spaces and line ends, in wide characters, inside quotes.
    for (const cell of [
      " =1+1",
      "\t=1",
      "\r=1",
      "\n=1",
      "\u00a0=1",
      "＝1+1",
      "＋1",
      "－1",
      "＠x",
      '=cmd|"/c calc"!A1',
    ])
      expect(csvLine([cell]).replace(/^"/, ""), JSON.stringify(cell)).toMatch(/^'/);
    for (const cell of ["a=1", "1-1", "jane@example.com", ""]) expect(csvLine([cell])).toBe(`${cell}\r\n`);
  });
});
