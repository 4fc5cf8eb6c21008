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
  });
});
